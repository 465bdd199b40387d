import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { jsonEqual, labelsOf } from "#core/object/index.ts";
import type { ServedKind } from "../kinds/served-kind.ts";

/** Built-in kinds whose `metadata.generation` counts changes of the spec. */
const counted = new Set([
  "/pods",
  "/replicationcontrollers",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "apiextensions.k8s.io/customresourcedefinitions",
  "apps/daemonsets",
  "apps/deployments",
  "apps/replicasets",
  "apps/statefulsets",
  "autoscaling/horizontalpodautoscalers",
  "batch/cronjobs",
  "batch/jobs",
  "discovery.k8s.io/endpointslices",
  "networking.k8s.io/ingresses",
  "networking.k8s.io/networkpolicies",
  "policy/poddisruptionbudgets",
  "scheduling.k8s.io/priorityclasses",
]);

/** The generation that a write gives: 1 for what is new, one more when what is wanted changed; undefined where none is kept. */
export function generationOf(
  kind: ServedKind,
  next: KubeObject,
  live: KubeObject | undefined,
): number | undefined {
  // What the server does not count is whatever the client said first.
  if (!kind.isCustom && !counted.has(kind.resource)) return (live ?? next).metadata.generation;
  if (live === undefined) return 1;
  const before = live.metadata.generation ?? 0;
  return isSameWish(kind, next, live) ? before : before + 1;
}

/** Kinds whose annotations count as what is wanted. */
const annotated = new Set(["apps/deployments"]);

/** Kinds whose labels do. */
const labelled = new Set(["discovery.k8s.io/endpointslices"]);

function isSameWish(kind: ServedKind, next: KubeObject, live: KubeObject): boolean {
  // Being marked for deletion counts as a change of what is wanted.
  if (next.metadata.deletionTimestamp !== live.metadata.deletionTimestamp) return false;
  const isNoted = annotated.has(kind.resource);
  if (isNoted && !jsonEqual(next.metadata.annotations ?? {}, live.metadata.annotations ?? {})) return false;
  if (labelled.has(kind.resource) && !jsonEqual(labelsOf(next), labelsOf(live))) return false;
  return jsonEqual(wishOf(kind, next), wishOf(kind, live));
}

function wishOf(kind: ServedKind, object: JsonObject): JsonObject {
  const { metadata: _metadata, apiVersion: _apiVersion, status, ...rest } = object;
  return kind.hasStatus || status === undefined ? rest : { ...rest, status };
}
