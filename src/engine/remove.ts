import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, objectKey } from "#core/object/index.ts";
import type { PrunePropagation } from "#core/sync/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";

export interface RemoveContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const pollMs = 100;
const deadlineMs = 60_000;

function nameOf(ref: ObjectRef): string {
  return formatObjectKey(objectKey({ ...ref.type, namespace: ref.namespace, name: ref.name }));
}

/** Takes finalizers off an object that is about to be replaced, so that its deletion cannot hang. */
async function stripFinalizers(ref: ObjectRef, live: KubeObject, context: RemoveContext): Promise<void> {
  if ((live.metadata.finalizers ?? []).length === 0) return;
  const metadata = { finalizers: null, resourceVersion: live.metadata.resourceVersion ?? "" };
  await context.cluster.mergePatch(
    ref,
    { metadata },
    { fieldManager: "argocd-controller", signal: context.signal },
  );
}

/**
 * Deletes an object and waits until it is gone. With `expected` only that very object (uid) is deleted, and its finalizers
 * are taken off first. Throws SYNC_FAILED when finalizers hold it longer than a minute.
 */
export async function removeAndAwait(
  ref: ObjectRef,
  context: RemoveContext,
  expected?: { readonly uid: string; readonly finalizers: readonly string[] },
): Promise<void> {
  const { cluster, clock, signal } = context;
  const live = await cluster.read(ref, signal);
  const uid = expected?.uid ?? live?.metadata.uid;
  if (live === undefined || uid === undefined || live.metadata.uid !== uid) return;
  if (expected !== undefined) await stripFinalizers(ref, live, context);
  await cluster.remove(ref, { propagation: "Background", uid, signal });
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const left = await cluster.read(ref, signal);
    if (left === undefined || left.metadata.uid !== uid) return;
    if (clock.now() > deadline) {
      const held = (left.metadata.finalizers ?? []).join(", ");
      throw new MooringError(
        "SYNC_FAILED",
        `${nameOf(ref)}: still being deleted after ${deadlineMs / 1000} s, held by finalizers ${held}; let their controllers finish or remove them`,
      );
    }
    await clock.sleep(pollMs, signal);
  }
}

export interface RemoveRequest {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly propagation: PrunePropagation;
  readonly dryRun: boolean;
}

/** Deletes exactly the object that the plan named: by uid, so that one created since under the same name survives. */
export async function removeObject(
  request: RemoveRequest,
  context: RemoveContext,
): Promise<"deleted" | "deleting" | "gone"> {
  const { ref, uid, propagation, dryRun } = request;
  return context.cluster.remove(ref, { propagation, uid, dryRun, signal: context.signal });
}
