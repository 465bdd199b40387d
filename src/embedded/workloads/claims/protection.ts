import type { KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import type { SystemCalls } from "../../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../../storage/store.ts";
import type { WorkContext } from "../base/controller.ts";
import { nameOf } from "../base/owned.ts";
import { resources } from "../base/resources.ts";

/** Finalizers that admission gives what may be in use. */
export const claimProtection = "kubernetes.io/pvc-protection";
export const volumeProtection = "kubernetes.io/pv-protection";

interface Release {
  readonly key: StoreKey;
  readonly object: KubeObject;
  readonly finalizer: string;
}

/** Lets an object go that is marked for deletion and that nobody uses. */
export function release(calls: SystemCalls, { key, object, finalizer }: Release): void {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(finalizer)) return;
  const metadata = { ...object.metadata, finalizers: finalizers.filter((each) => each !== finalizer) };
  calls.replace(key, { ...object, metadata });
}

/** Whether a pod that has not ended has a claim. */
export function isUsed({ state }: WorkContext, claim: KubeObject): boolean {
  const pods = state.store.list({ resource: resources.pods, namespace: claim.metadata.namespace ?? "" });
  return pods.some(({ object }) => isRunning(object) && claimsOf(object).includes(nameOf(claim)));
}

/** Claims that nobody may use any more, after an event of a pod. */
export function claimsReleasedBy({ type, stored: { key, object } }: StoreEvent): readonly StoreKey[] {
  if (key.resource !== resources.pods || (type !== "deleted" && isRunning(object))) return [];
  const { namespace } = key;
  return claimsOf(object).map((name) => ({ resource: resources.claims, namespace, name }));
}

function isRunning(pod: KubeObject): boolean {
  return !["Succeeded", "Failed"].includes(viewString(pod, "status", "phase") ?? "");
}

function claimsOf(pod: KubeObject): readonly string[] {
  return viewArray(pod, "spec", "volumes").flatMap(
    (volume) => viewString(volume, "persistentVolumeClaim", "claimName") ?? [],
  );
}
