import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import { hookFinalizer } from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import { fieldManager } from "./field-manager.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";

export interface HookRelease {
  readonly live: Pick<LiveStore, "cluster"> & Partial<Pick<LiveStore, "observe">>;
  readonly signal: AbortSignal;
}

/** True for a hook that is kept until its result was seen. */
export function isHeld(object: KubeObject): boolean {
  return (object.metadata.finalizers ?? []).includes(hookFinalizer);
}

/** Takes our finalizer off a hook whose result was seen, or is not waited for any more. Other finalizers stay. */
export async function releaseHook(
  key: ObjectKey,
  object: KubeObject,
  { live, signal }: HookRelease,
): Promise<void> {
  if (!isHeld(object)) return;
  const { cluster } = live;
  const { group, kind, namespace, name } = parseObjectKey(key);
  const type = (await cluster.discover(signal)).typeOf(group, kind);
  if (type === undefined) return;
  const ref = { type, namespace: type.namespaced ? namespace : "", name };
  let known: KubeObject | undefined = object;
  await repeatOnConflict(async () => {
    const found: KubeObject | undefined = known ?? (await cluster.read(ref, signal));
    known = undefined;
    if (found?.metadata.uid !== object.metadata.uid || found === undefined || !isHeld(found)) return;
    const finalizers = (found.metadata.finalizers ?? []).filter((one) => one !== hookFinalizer);
    const metadata = { finalizers, resourceVersion: found.metadata.resourceVersion ?? "" };
    const released = await cluster.mergePatch(ref, { metadata }, { fieldManager, signal });
    if (released.metadata.deletionTimestamp === undefined) live.observe?.(released);
  });
}
