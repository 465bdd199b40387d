import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { ApplyAction, DeletionHooksStep, DeletionRun, LiveDeletionHook } from "#core/sync/index.ts";
import { deletionHooksOf, planDeletionHooks, planHooksCleanup } from "#core/sync/index.ts";
import type { SetTrackingOptions } from "#core/tracking/index.ts";
import { otherOwnerOf, ownsObject } from "#core/tracking/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { AppContext } from "./app-context.ts";
import { applyObject } from "./apply.ts";
import type { Desired } from "./desired.ts";
import { removeHook } from "./finish-hooks.ts";
import { releaseHook } from "./hook-finalizer.ts";
import type { HealthJudge } from "./scripted-health.ts";
import { denialOf } from "./plan-operation.ts";
import { objectDefaultsOf, syncOptionsOf } from "./sync-options.ts";
import { findUnreachable } from "./unreachable.ts";

export interface DeletionHooksRun extends DeletionRun {
  readonly context: AppContext;
  readonly desired: Desired;
  readonly clock: Clock;
  readonly health: HealthJudge;
  /** Writes at the same time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Starts the hooks of a deletion that are due, and says what it found. It does not wait: a change of a hook has the application looked at
 * again. Throws the `KUBE_` or `SYNC_` error of a hook that cannot be applied.
 */
export async function runDeletionHooks(
  run: DeletionHooksRun,
): Promise<Exclude<DeletionHooksStep, { do: "start" }>> {
  const { context } = run;
  const applied = new Map<ObjectKey, KubeObject>();
  for (;;) {
    const { hooks, unreachable } = await liveHooks(run, applied);
    if (unreachable.length > 0) return { do: "failed", message: unreachable.join("; ") };
    const denials = hooks.flatMap(({ key }) => {
      const denial = denialOf({ key, namespaced: undefined }, context);
      return denial === undefined ? [] : [`${denial.message}; ${denial.remedy}`];
    });
    if (denials.length > 0) return { do: "failed", message: denials.join("; ") };
    const step = planDeletionHooks({
      app: context.instance,
      type: run.type,
      requestedAtMs: run.requestedAtMs,
      objectDefaults: objectDefaultsOf(syncOptionsOf(context.app, undefined), false),
      hooks,
    });
    if (step.do === "wait") await releaseAll(step.release, run);
    if (step.do !== "start") return step;
    for (const group of step.groups) await startAll(group, run, applied);
  }
}

async function releaseAll(hooks: readonly LiveDeletionHook[], run: DeletionHooksRun): Promise<void> {
  const { context, signal } = run;
  for (const { key, live } of hooks) {
    if (live !== undefined) await releaseHook(key, live, { live: context.live, signal });
  }
}

interface FoundHooks {
  readonly hooks: readonly LiveDeletionHook[];
  /** Sentences about hooks of which nobody can tell whether they exist. */
  readonly unreachable: readonly string[];
}

/** The hooks with what lives under their names; what nobody can watch stands as it was applied. */
async function liveHooks(
  run: DeletionHooksRun,
  applied: ReadonlyMap<ObjectKey, KubeObject>,
): Promise<FoundHooks> {
  const { context, desired, health, signal } = run;
  const { live, tracking, instance } = context;
  const wanted = namedHooks(desired, run);
  const claimed = await live.claim(instance, new Set(wanted.map(({ key }) => key)), signal);
  const unreachable = await findUnreachable(claimed, live, signal);
  const found = wanted.map((hook) => ({ hook, object: live.get(hook.key) ?? applied.get(hook.key) }));
  await health.learn(
    found.flatMap(({ object }) => object ?? []),
    signal,
  );
  const hooks = found.map(({ hook, object }) => {
    return {
      ...hook,
      live: object,
      health: object === undefined ? undefined : health.assess(object),
      owner: object === undefined ? undefined : otherOwnerOf(object, tracking),
      trackedByUs: object !== undefined && ownsObject(object, tracking),
    };
  });
  return { hooks, unreachable: [...unreachable.values()] };
}

async function startAll(
  group: readonly ApplyAction[],
  run: DeletionHooksRun,
  applied: Map<ObjectKey, KubeObject>,
): Promise<void> {
  const { clock, signal, context, concurrency } = run;
  const { live } = context;
  const at = { cluster: live.cluster, clock, dryRun: false, signal, shutdown: signal };
  await mapLimit([...group], concurrency, async (action) => {
    const answer = await applyObject(action, { ...at, live: live.get(action.key) });
    live.observe(answer);
    applied.set(action.key, answer);
  });
}

export interface DeletionHooksCleanup extends DeletionRun {
  readonly live: LiveStore;
  readonly tracking: SetTrackingOptions;
  readonly health: HealthJudge;
  /** Where hooks may be, besides those that carry the application's mark and are watched already. */
  readonly keys: readonly ObjectKey[];
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Removes what the delete policies of a deletion's hooks say, and lets go of the others. Git may have moved meanwhile: what was started
 * is known by its mark.
 */
export async function cleanDeletionHooks(cleanup: DeletionHooksCleanup): Promise<void> {
  const { live, tracking, health, keys, concurrency, signal } = cleanup;
  const { appName } = tracking;
  await live.claim(appName, new Set([...keys, ...live.trackedBy(appName)]), signal);
  const own = [...new Set([...keys, ...live.trackedBy(appName)])].flatMap((key) => {
    const object = live.get(key);
    return object !== undefined && ownsObject(object, tracking) ? [{ key, live: object }] : [];
  });
  await health.learn(
    own.map((one) => one.live),
    signal,
  );
  const found = own.map((one) => ({ ...one, health: health.assess(one.live) }));
  const { remove, release } = planHooksCleanup(found, cleanup);
  await mapLimit([...release], concurrency, async ({ key, live: hook }) =>
    releaseHook(key, hook, { live, signal }),
  );
  await mapLimit([...remove], concurrency, async ({ key, live: hook }) =>
    removeHook(hook, key, { live, signal }),
  );
}

/** The keys that the hooks of a deletion run under. */
export function deletionHookKeys(desired: Desired, run: DeletionRun): readonly ObjectKey[] {
  return namedHooks(desired, run).map(({ key }) => key);
}

function namedHooks(desired: Desired, run: DeletionRun): ReturnType<typeof deletionHooksOf> {
  return deletionHooksOf(
    desired.objects.map((object) => ({ key: object.key, digest: object.digest, desired: object.read() })),
    run,
  );
}
