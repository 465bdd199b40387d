import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { OperationPhase, Wave } from "#core/sync/index.ts";
import { judgeHook } from "#core/sync/index.ts";
import type { HookRelease } from "./hook-finalizer.ts";
import { isHeld, releaseHook } from "./hook-finalizer.ts";
import type { HookDeletePolicy } from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";

export interface HookFinish {
  readonly live: LiveStore;
  readonly assess: (object: KubeObject) => Health | undefined;
  /** `why` is what the hook's health says. */
  readonly onFinished: (key: ObjectKey, phase: OperationPhase, why?: string) => void;
  /** What the operation last said of a hook; undefined when it has not started it. */
  readonly phaseOf: (key: ObjectKey) => OperationPhase | undefined;
  readonly signal: AbortSignal;
}

interface AwaitedHook {
  readonly key: ObjectKey;
  readonly deletePolicies: readonly HookDeletePolicy[];
}

/** The hooks that a wave starts, and those that were running when the controller restarted. */
function hooksOf(wave: Wave): readonly AwaitedHook[] {
  return wave.groups.flatMap((group) =>
    group.actions.flatMap((action) => {
      const hook = action.verb === "prune" ? undefined : action.hook;
      return hook === undefined ? [] : [{ key: action.key, deletePolicies: hook.deletePolicies }];
    }),
  );
}

const phases = { passed: "Succeeded", failed: "Failed", waiting: "Running" } as const;

function phaseOf(health: Health | undefined, { metadata }: KubeObject): OperationPhase {
  return phases[judgeHook({ exists: true, health, deleting: metadata.deletionTimestamp !== undefined })];
}

export interface WaveFinish extends HookFinish {
  /**
   * Awaited before the first hook is let go of. How it ended must be written down by then: after a crash nobody could tell a hook that
   * had succeeded and is gone from one that somebody deleted while it ran.
   */
  readonly beforeRelease: () => Promise<void>;
}

/** Notes how each hook of a wave ended and lets go of it, so that it may be removed by whoever removes such objects. */
export async function finishHooks(wave: Wave, finish: WaveFinish): Promise<void> {
  const ended: { readonly object: KubeObject; readonly key: ObjectKey }[] = [];
  for (const { key } of hooksOf(wave)) {
    const object = finish.live.get(key);
    if (object === undefined && finish.phaseOf(key) === "Running") finish.onFinished(key, "Failed");
    if (object === undefined) continue;
    const health = finish.assess(object);
    const phase = phaseOf(health, object);
    finish.onFinished(key, phase, health?.message);
    if (phase !== "Running" && isHeld(object)) ended.push({ object, key });
  }
  if (ended.length > 0) await finish.beforeRelease();
  for (const { object, key } of ended) await releaseHook(key, object, finish);
}

export interface HookCleanup extends WaveFinish {
  /** The whole operation has failed. */
  readonly failed: boolean;
}

/**
 * Removes the hooks of an operation that has ended, as their delete policies say. Not before: what a hook uses, its service account or
 * its configuration, is often a hook itself, and must stay until the last one has run.
 */
export async function cleanHooks(waves: readonly Wave[], cleanup: HookCleanup): Promise<void> {
  const { live } = cleanup;
  const removable = waves
    .flatMap((wave) => hooksOf(wave))
    .filter(({ key, deletePolicies }) => {
      const phase = cleanup.phaseOf(key);
      const failed = phase === "Failed" || (phase === "Succeeded" && cleanup.failed);
      return (
        (phase === "Succeeded" && deletePolicies.includes("HookSucceeded")) ||
        (failed && deletePolicies.includes("HookFailed"))
      );
    })
    .filter(({ key }) => live.get(key) !== undefined);
  if (removable.length > 0) await cleanup.beforeRelease();
  for (const { key } of removable) {
    const object = live.get(key);
    if (object !== undefined) await removeHook(object, key, cleanup);
  }
}

export interface HookRemoval {
  readonly live: Pick<LiveStore, "cluster">;
  /** False for an object that only has a hook's name. */
  readonly isHook: (object: KubeObject) => boolean;
  readonly signal: AbortSignal;
}

/** Removes hooks that nobody waits for any more, as the cluster has them now; the keys of those that were there. */
export async function removeHooks(
  keys: readonly ObjectKey[],
  { live, isHook, signal }: HookRemoval,
): Promise<ReadonlySet<ObjectKey>> {
  const removed = new Set<ObjectKey>();
  const discovery = keys.length === 0 ? undefined : await live.cluster.discover(signal);
  for (const key of keys) {
    const { group, kind, namespace, name } = parseObjectKey(key);
    const type = discovery?.typeOf(group, kind);
    const object = type && (await live.cluster.read({ type, namespace, name }, signal));
    if (object === undefined || !isHook(object)) continue;
    await removeHook(object, key, { live, signal });
    removed.add(key);
  }
  return removed;
}

/** Ends the hooks of waves that were stopped: nothing would look at their result any more. */
export async function endRunningHooks(waves: readonly Wave[], finish: HookFinish): Promise<void> {
  for (const { key } of waves.flatMap((wave) => hooksOf(wave))) {
    const object = finish.live.get(key);
    if (object === undefined || finish.phaseOf(key) !== "Running") continue;
    const phase = phaseOf(finish.assess(object), object);
    if (phase === "Running") await removeHook(object, key, finish);
    else await releaseHook(key, object, finish);
    finish.onFinished(key, phase === "Succeeded" ? "Succeeded" : "Failed");
  }
}

/** Deletes exactly this object, our finalizer first. */
export async function removeHook(
  object: KubeObject,
  key: ObjectKey,
  { live, signal }: HookRelease,
): Promise<void> {
  await releaseHook(key, object, { live, signal });
  const { group, kind, namespace, name } = parseObjectKey(key);
  const type = (await live.cluster.discover(signal)).typeOf(group, kind);
  const { uid } = object.metadata;
  if (type === undefined || uid === undefined) return;
  await live.cluster.remove({ type, namespace, name }, { propagation: "Background", uid, signal });
}
