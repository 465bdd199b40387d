import type { Hooks } from "#core/tracking/index.ts";
import { viewHooks, viewSyncWave } from "#core/tracking/index.ts";
import { hookAction } from "./hook-action.ts";
import type { NamedHook } from "./hook-object.ts";
import { nameHook, withHookFinalizer } from "./hook-object.ts";
import type { PlanInput, PlannedObject, PlannedOperation } from "./input.ts";
import type { OperationPhase, SyncPhase } from "./phases.ts";
import { syncPhases } from "./phases.ts";
import type { ApplyAction, SkipAction, SkipReason } from "./plan.ts";
import type { Decided, Placement } from "./placement.ts";
import { skip, skipOwned } from "./placement.ts";
import { viewApplyOptions } from "./traits.ts";

/**
 * True for a hook that a crash kept from being written down: it was created since the operation started. It is applied as it is,
 * which changes nothing, because removing it would run it twice. Of an object that is a hook of several phases the first is meant.
 */
function isOwnRun(
  object: PlannedObject,
  phase: SyncPhase,
  { resumedSince, hooks }: PlannedOperation,
): boolean {
  const createdAt = object.live?.metadata.creationTimestamp;
  if (resumedSince === undefined || createdAt === undefined || createdAt < resumedSince) return false;
  const known = hooks.some((one) => one.key === object.key);
  return !known && viewHooks(object.desired).types.find(isSyncPhase) === phase;
}

interface HookAt {
  readonly object: PlannedObject;
  readonly named: NamedHook;
  readonly phase: SyncPhase;
}

/** What an earlier run left, or an object of ours that has become a hook; anything else under the hook's name is not ours to delete. */
function isLeftByRun({ key, live }: PlannedObject, { inventory }: PlanInput): boolean {
  if (live === undefined) return false;
  return viewHooks(live).isHook || inventory.some((entry) => entry.key === key && entry.trackedByUs);
}

/** True for what has to go before the hook can run. */
function isReplaced({ object, named, phase }: HookAt, input: PlanInput): boolean {
  return (
    named.generateName === undefined &&
    viewHooks(object.desired).deletePolicies.includes("BeforeHookCreation") &&
    isLeftByRun(object, input) &&
    !isOwnRun(object, phase, input.operation)
  );
}

function applyHook(hook: HookAt, input: PlanInput): ApplyAction | SkipAction {
  const { object, named } = hook;
  const options = viewApplyOptions(object.desired, undefined, input.options.objectDefaults);
  if (object.owner !== undefined && !options.takeOwnership) {
    return skipOwned(named.key, input.app, object.owner);
  }
  const desired = withHookFinalizer(named.desired);
  return hookAction({ ...named, desired, options, left: isReplaced(hook, input) ? object.live : undefined });
}

const startedReasons: Readonly<Record<OperationPhase, SkipReason>> = {
  Running: "hook-running",
  Terminating: "hook-running",
  Succeeded: "hook-succeeded",
  Failed: "hook-failed",
  Error: "hook-failed",
};

function skipStarted({ object, named, phase }: HookAt, state: OperationPhase): SkipAction {
  const because = startedReasons[state];
  const now =
    because === "hook-running" ? "is running" : because === "hook-succeeded" ? "has succeeded" : "has failed";
  const skipped = skip(named.key, { because, message: `${phase} hook ${now} in this operation` });
  return { ...skipped, hook: { deletePolicies: viewHooks(object.desired).deletePolicies.toSorted() } };
}

function placeHook(object: PlannedObject, phase: SyncPhase, input: PlanInput): Placement {
  const { operation } = input;
  const named = nameHook(object, phase, { run: operation.revision, atMs: operation.startedAtMs });
  const started = operation.hooks.find((one) => one.key === named.key && one.type === phase);
  const hook = { object, named, phase };
  const action = started === undefined ? applyHook(hook, input) : skipStarted(hook, started.phase);
  return { phase, wave: viewSyncWave(object.desired), action, source: object, hook: true };
}

function skipHook(object: PlannedObject, hook: Hooks, leaveOut: boolean): readonly SkipAction[] {
  const { key } = object;
  if (hook.types.includes("Skip")) {
    return [
      skip(key, { because: "hook-skip", message: "not applied, because its hook annotation says Skip" }),
    ];
  }
  const unknown =
    hook.unknown.length === 0
      ? []
      : [
          skip(key, {
            because: "hook-unknown",
            message: `no such hook: ${hook.unknown.toSorted().join(", ")}; write PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete or Skip`,
          }),
        ];
  const inSync = hook.types.some(isSyncPhase);
  if (inSync && leaveOut) {
    return [
      ...unknown,
      skip(key, {
        because: "hooks-left-out",
        message: "hooks do not run with selected resources or the apply strategy",
      }),
    ];
  }
  if (inSync || hook.types.length === 0) return unknown;
  return [
    ...unknown,
    skip(key, { because: "hook-of-deletion", message: "runs when the application is deleted" }),
  ];
}

function isSyncPhase(type: string): type is SyncPhase {
  return syncPhases.some((phase) => phase === type);
}

/** Hooks in their phases; those that do not run in a sync, with the reason. */
export function planHooks(input: PlanInput): Decided {
  const placements: Placement[] = [];
  const skipped: SkipAction[] = [];
  const leaveOut = input.options.skipHooks || input.options.selected !== undefined;
  for (const object of input.objects) {
    const hook = viewHooks(object.desired);
    if (!hook.isHook) continue;
    skipped.push(...skipHook(object, hook, leaveOut));
    if (leaveOut || hook.types.includes("Skip")) continue;
    placements.push(...hook.types.filter(isSyncPhase).map((phase) => placeHook(object, phase, input)));
  }
  return { placements, skipped };
}
