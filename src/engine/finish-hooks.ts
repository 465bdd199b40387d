import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { OperationPhase, Wave } from "#core/sync/index.ts";
import type { HookDeletePolicy } from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";

export interface HookFinish {
  readonly live: LiveStore;
  readonly assess: (object: KubeObject) => Health | undefined;
  readonly onFinished: (key: ObjectKey, phase: OperationPhase) => void;
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

function phaseOf(health: Health | undefined): OperationPhase {
  if (health === undefined || health.status === "Healthy") return "Succeeded";
  return health.status === "Degraded" || health.status === "Unknown" ? "Failed" : "Running";
}

export interface WaveFinish extends HookFinish {
  /**
   * Awaited before the first hook is removed. How it ended must be written down by then: after a crash nobody could tell a hook that
   * had succeeded and was removed from one that somebody deleted while it ran.
   */
  readonly beforeRemoval: () => Promise<void>;
}

/** Notes how each hook of a wave ended and removes those whose delete policy says so; one that still runs is left alone. */
export async function finishHooks(wave: Wave, finish: WaveFinish): Promise<void> {
  const ended: { readonly object: KubeObject; readonly key: ObjectKey }[] = [];
  for (const { key, deletePolicies } of hooksOf(wave)) {
    const object = finish.live.get(key);
    if (object === undefined) continue;
    const phase = phaseOf(finish.assess(object));
    finish.onFinished(key, phase);
    const remove =
      (phase === "Succeeded" && deletePolicies.includes("HookSucceeded")) ||
      (phase === "Failed" && deletePolicies.includes("HookFailed"));
    if (remove) ended.push({ object, key });
  }
  if (ended.length > 0) await finish.beforeRemoval();
  for (const { object, key } of ended) await removeHook(object, key, finish);
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

/** Ends the hooks of a wave that was stopped: nothing would look at their result any more. */
export async function endRunningHooks(waves: readonly Wave[], finish: HookFinish): Promise<void> {
  for (const { key } of waves.flatMap((wave) => hooksOf(wave))) {
    const object = finish.live.get(key);
    if (object === undefined || phaseOf(finish.assess(object)) !== "Running") continue;
    await removeHook(object, key, finish);
    finish.onFinished(key, "Failed");
  }
}

async function removeHook(
  object: KubeObject,
  key: ObjectKey,
  { live, signal }: Pick<HookRemoval, "live" | "signal">,
): Promise<void> {
  const { group, kind, namespace, name } = parseObjectKey(key);
  const type = (await live.cluster.discover(signal)).typeOf(group, kind);
  const { uid } = object.metadata;
  if (type === undefined || uid === undefined) return;
  await live.cluster.remove({ type, namespace, name }, { propagation: "Background", uid, signal });
}
