import type { Health } from "#core/health/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { ApplyAction, OperationPhase, Wave } from "#core/sync/index.ts";
import type { LiveStore } from "#ports/live-store.ts";

export interface HookFinish {
  readonly live: LiveStore;
  readonly assess: (object: KubeObject) => Health | undefined;
  readonly onFinished: (key: ObjectKey, phase: OperationPhase) => void;
  readonly signal: AbortSignal;
}

function hooksOf(wave: Wave): readonly ApplyAction[] {
  return wave.groups
    .flatMap((group) => group.actions)
    .filter((action): action is ApplyAction => action.verb === "apply" && action.hook !== undefined);
}

function phaseOf(health: Health | undefined): OperationPhase {
  if (health === undefined || health.status === "Healthy") return "Succeeded";
  return health.status === "Degraded" || health.status === "Unknown" ? "Failed" : "Running";
}

/** Notes how each hook of a wave ended and removes those whose delete policy says so; one that still runs is left alone. */
export async function finishHooks(wave: Wave, finish: HookFinish): Promise<void> {
  for (const action of hooksOf(wave)) {
    const object = finish.live.get(action.key);
    if (object === undefined) continue;
    const phase = phaseOf(finish.assess(object));
    finish.onFinished(action.key, phase);
    const policies = action.hook?.deletePolicies ?? [];
    const remove =
      (phase === "Succeeded" && policies.includes("HookSucceeded")) ||
      (phase === "Failed" && policies.includes("HookFailed"));
    if (remove) await removeHook(object, action.key, finish);
  }
}

/** Ends the hooks of a wave that was stopped: nothing would look at their result any more. */
export async function endRunningHooks(waves: readonly Wave[], finish: HookFinish): Promise<void> {
  for (const action of waves.flatMap((wave) => hooksOf(wave))) {
    const object = finish.live.get(action.key);
    if (object === undefined || phaseOf(finish.assess(object)) !== "Running") continue;
    await removeHook(object, action.key, finish);
    finish.onFinished(action.key, "Failed");
  }
}

async function removeHook(object: KubeObject, key: ObjectKey, { live, signal }: HookFinish): Promise<void> {
  const { group, kind, namespace, name } = parseObjectKey(key);
  const type = (await live.cluster.discover(signal)).typeOf(group, kind);
  const { uid } = object.metadata;
  if (type === undefined || uid === undefined) return;
  await live.cluster.remove({ type, namespace, name }, { propagation: "Background", uid, signal });
}
