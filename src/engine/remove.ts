import { MooringError, isMooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, objectKey } from "#core/object/index.ts";
import type { PrunePropagation } from "#core/sync/index.ts";
import type { Cluster, ObjectRef } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";

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
async function stripFinalizers(
  ref: ObjectRef,
  uid: string,
  { cluster, signal }: RemoveContext,
): Promise<void> {
  await repeatOnConflict(async () => {
    const live = await cluster.read(ref, signal);
    if (live?.metadata.uid !== uid || (live.metadata.finalizers ?? []).length === 0) return;
    const metadata = { finalizers: null, resourceVersion: live.metadata.resourceVersion ?? "" };
    await cluster.mergePatch(ref, { metadata }, { fieldManager: "argocd-controller", signal });
  });
}

/**
 * Deletes an object and waits until it is gone. With `expected` only that very object (uid) is deleted, and its finalizers
 * are taken off first. Returns it as it was before; undefined when it was gone. Throws SYNC_FAILED when finalizers hold it longer
 * than a minute.
 */
export async function removeAndAwait(
  ref: ObjectRef,
  context: RemoveContext,
  expected?: { readonly uid: string; readonly finalizers: readonly string[] },
): Promise<KubeObject | undefined> {
  const { cluster, clock, signal } = context;
  const live = await cluster.read(ref, signal);
  const uid = expected?.uid ?? live?.metadata.uid;
  if (live === undefined || uid === undefined || live.metadata.uid !== uid) return undefined;
  if (expected !== undefined) await stripFinalizers(ref, uid, context);
  await cluster.remove(ref, { propagation: "Background", uid, signal });
  const deadline = clock.now() + deadlineMs;
  for (;;) {
    const left = await readPatiently(ref, context, deadline);
    if (left === undefined || left.metadata.uid !== uid) return live;
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

/** An API server that fails for a moment must not keep what was deleted from being created again. */
async function readPatiently(
  ref: ObjectRef,
  { cluster, clock, signal }: RemoveContext,
  deadline: number,
): Promise<KubeObject | undefined> {
  for (;;) {
    try {
      return await cluster.read(ref, signal);
    } catch (error) {
      const passing = isMooringError(error) && error.retry === "backoff";
      if (!passing || clock.now() > deadline) throw error;
      await clock.sleep(error.retryAfterMs ?? 10 * pollMs, signal);
    }
  }
}

export interface RemoveRequest {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly propagation: PrunePropagation;
  readonly dryRun: boolean;
  /** Whether an object that changed since it was planned is still ours to delete. */
  readonly isOurs: (object: KubeObject) => boolean;
}

const conflictTries = 5;

/**
 * Deletes exactly the object that the plan named: by uid, so that one created since under the same name survives, and by
 * resourceVersion, so that one that was taken out of our hands since (its tracking id removed) survives, too. One that only moved
 * on is looked at again and deleted. Throws KUBE_CONFLICT when it never holds still.
 */
export async function removeObject(
  request: RemoveRequest,
  { cluster, signal }: Pick<RemoveContext, "cluster" | "signal">,
): Promise<"deleted" | "deleting" | "gone"> {
  const { ref, uid, propagation, dryRun } = request;
  let { resourceVersion } = request;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await cluster.remove(ref, { propagation, uid, resourceVersion, dryRun, signal });
    } catch (error) {
      if (!isMooringError(error, "KUBE_CONFLICT") || attempt === conflictTries) throw error;
      const now = await cluster.read(ref, signal);
      if (now === undefined || now.metadata.uid !== uid) return "gone";
      if (!request.isOurs(now)) {
        throw new MooringError(
          "SYNC_REFUSED",
          `${nameOf(ref)}: no longer carries the application's tracking id, so it is not deleted; sync again to see what is left`,
          { cause: error },
        );
      }
      resourceVersion = now.metadata.resourceVersion ?? "";
    }
  }
}
