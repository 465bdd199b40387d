import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { viewPath } from "#core/object/index.ts";
import type { PlanInput } from "./input.ts";
import { compareKeys, kindRank } from "./kind-order.ts";
import type { Placement } from "./placement.ts";
import { comparePlaces } from "./placement.ts";
import type { Action, ActionGroup, Gate, Wave } from "./plan.ts";
import type { PlannedPrune } from "./prunes.ts";

type Step<T> = readonly T[];

/** Splits a sorted list where `same` says that two neighbours belong apart. */
function chunk<T>(items: readonly T[], same: (a: T, b: T) => boolean): readonly Step<T>[] {
  const chunks: T[][] = [];
  for (const item of items) {
    const current = chunks.at(-1);
    const last = current?.at(-1);
    if (current !== undefined && last !== undefined && same(last, item)) current.push(item);
    else chunks.push([item]);
  }
  return chunks;
}

function formGroups(actions: readonly Action[]): readonly ActionGroup[] {
  return chunk(actions, (a, b) => kindRank(a.key) === kindRank(b.key)).map((group) => ({ actions: group }));
}

function comparePlacements(a: Placement, b: Placement): number {
  return comparePlaces(a, b) || compareKeys(a.action.key, b.action.key);
}

/** Placements become waves, each of them the objects of one phase and wave number. */
export function formWaves(
  placements: readonly Placement[],
  prunes: readonly PlannedPrune[],
  input: PlanInput,
): readonly Wave[] {
  const steps = chunk(placements.toSorted(comparePlacements), (a, b) => comparePlaces(a, b) === 0);
  const waitsForPrune =
    !input.options.pruneBeforeHealthy && prunes.some((one) => one.action.verb === "prune");
  const lastPending = steps.findLastIndex((step) =>
    step.some((one) => one.phase !== "SyncFail" && isPending(one.action)),
  );
  const applyWaves = steps.map((step, index) =>
    formApplyWave(step, {
      moreToApply: index < lastPending,
      waitsForPrune,
      applied: input.operation.applied,
    }),
  );
  const afterSync = applyWaves.findIndex((wave) => wave.phase === "PostSync" || wave.phase === "SyncFail");
  const at = afterSync < 0 ? applyWaves.length : afterSync;
  const pruneWaves = formPruneWaves(prunes, { last: lastWave(placements), awaitLast: false });
  const waves = [...applyWaves.slice(0, at), ...pruneWaves, ...applyWaves.slice(at)];
  // A dry run creates nothing that could become healthy, and deletes nothing that could go.
  return input.options.dryRun ? waves.map((wave) => ({ ...wave, gates: [] })) : waves;
}

function lastWave(placements: readonly Placement[]): number {
  return Math.max(0, ...placements.filter((one) => one.phase === "Sync").map((one) => one.wave));
}

interface WaveContext {
  readonly moreToApply: boolean;
  readonly waitsForPrune: boolean;
  readonly applied: ReadonlySet<ObjectKey>;
}

function formApplyWave(step: Step<Placement>, context: WaveContext): Wave {
  const { phase, wave } = step[0] ?? { phase: "Sync", wave: 0 };
  return {
    phase,
    step: "apply",
    wave,
    groups: formGroups(step.map((one) => one.action)),
    gates: step.filter((one) => isAwaited(one, context)).map(formGate),
  };
}

/**
 * Hooks are always awaited; other objects only while something is left to apply. Before a prune only what this operation
 * applied counts: an object that has long been unhealthy says nothing about the replacement of what is pruned.
 */
function isAwaited({ action, hook, phase }: Placement, context: WaveContext): boolean {
  if (hook) return isPending(action);
  if (phase === "SyncFail") return false;
  if (context.moreToApply) return true;
  return context.waitsForPrune && (action.verb === "apply" || context.applied.has(action.key));
}

function isPending(action: Action): boolean {
  return action.verb === "apply" || (action.verb === "skip" && action.because === "hook-running");
}

function formGate({ action, hook, source }: Placement): Gate {
  return {
    key: action.key,
    until: "healthy",
    hook,
    suspendedIsDone: source !== undefined && asksForSuspension(source.desired),
  };
}

/** Fields of a spec by which kinds are told to stand still: Jobs, Rollouts, databases, policies, virtual machines. */
const standsStill: readonly (readonly [field: string, value: boolean | string])[] = [
  ["suspend", true],
  ["paused", true],
  ["pause", true],
  ["shutdown", true],
  ["stopped", true],
  ["disabled", true],
  ["running", false],
  ["runStrategy", "Halted"],
];

function asksForSuspension(desired: KubeObject): boolean {
  return standsStill.some(([field, value]) => viewPath(desired, "spec", field) === value);
}

const stages = ["ordinary", "last", "container"] as const;

function comparePrunes(a: PlannedPrune, b: PlannedPrune): number {
  const byStage = stages.indexOf(a.stage) - stages.indexOf(b.stage);
  const byWave = a.stage === "ordinary" ? b.wave - a.wave : 0;
  return byStage || byWave || compareKeys(b.action.key, a.action.key);
}

function isSamePruneWave(a: PlannedPrune, b: PlannedPrune): boolean {
  return a.stage === b.stage && (a.stage !== "ordinary" || a.wave === b.wave);
}

/**
 * The waves of what is deleted, highest first. Each waits until its objects are gone, so that the order is real: a
 * controller is not deleted before its resources, whose finalizers it must still serve.
 */
export function formPruneWaves(
  prunes: readonly PlannedPrune[],
  { last, awaitLast }: { readonly last: number; readonly awaitLast: boolean },
): readonly Wave[] {
  const steps = chunk(prunes.toSorted(comparePrunes), isSamePruneWave);
  return steps.map((step, index) => ({
    phase: "Sync",
    step: "prune",
    wave: step[0]?.stage === "ordinary" ? step[0].wave : last + 1,
    groups: formGroups(step.map((one) => one.action)),
    gates: index === steps.length - 1 && !awaitLast ? [] : step.map((one) => formGoneGate(one.action.key)),
  }));
}

function formGoneGate(key: ObjectKey): Gate {
  return { key, until: "gone", hook: false, suspendedIsDone: false };
}
