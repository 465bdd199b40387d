/**
 * Taking the place of an installed Argo CD: which of its workloads is which, which of them act on clusters and so have to stop before Mooring
 * starts, and how what they were is noted, so that it can be put back.
 */
export { actsBesideMooring, viewWorkload } from "./workload.ts";
export type { ArgoWorkload } from "./workload.ts";
export { formerReplicasAnnotation, startPatch, stopPatch } from "./scale.ts";
export { foreignScalers } from "./foreign-scalers.ts";
