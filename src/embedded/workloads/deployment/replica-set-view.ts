import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { annotationsOf, jsonEqual, viewNumber, viewObject } from "#core/object/index.ts";
import { byAge } from "../base/owned.ts";

export const hashLabel = "pod-template-hash";
export const revisionAnnotation = "deployment.kubernetes.io/revision";
export const historyAnnotation = "deployment.kubernetes.io/revision-history";
export const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
export const maxAnnotation = "deployment.kubernetes.io/max-replicas";

export function replicasOf(object: KubeObject): number {
  return viewNumber(object, "spec", "replicas") ?? 1;
}

export function availableOf(set: KubeObject): number {
  return viewNumber(set, "status", "availableReplicas") ?? 0;
}

export function revisionOf(set: KubeObject): number {
  return Number(annotationsOf(set)[revisionAnnotation] ?? 0) || 0;
}

export function sumReplicas(sets: readonly KubeObject[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

/** The sum of what their statuses count. */
export function sumStatus(sets: readonly KubeObject[], field: string): number {
  return sets.reduce((sum, set) => sum + (viewNumber(set, "status", field) ?? 0), 0);
}

/** The ReplicaSet that has the Deployment's template; the oldest, should there be several. */
export function findNewSet(deployment: KubeObject, sets: readonly KubeObject[]): KubeObject | undefined {
  const template = viewObject(deployment, "spec", "template");
  return sets.toSorted(byAge).find((set) => isSameTemplate(viewObject(set, "spec", "template"), template));
}

function isSameTemplate(a: JsonObject, b: JsonObject): boolean {
  return jsonEqual(withoutHash(a), withoutHash(b));
}

/** The template as the Deployment has it. */
function withoutHash(template: JsonObject): JsonObject {
  const metadata = viewObject(template, "metadata");
  const { [hashLabel]: _hash, ...labels } = viewObject(metadata, "labels");
  return { ...template, metadata: { ...metadata, labels } };
}
