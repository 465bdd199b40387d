/** What is committed beside rendered manifests: where they come from, in Argo CD's words. */
export { branchMetadata, commitMessage, pathMetadata, pathReadme } from "./describe.ts";
export type { DryCommit, HydratedApp } from "./describe.ts";
