import { actionsOf } from "./actions.ts";
import type { Health } from "#core/health/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { formatObjectKey, parseObjectKey, viewPath } from "#core/object/index.ts";
import type { OperationPhase, ResourceResult } from "./phases.ts";
import { operationMessages } from "./phases.ts";
import type { Gate, SyncPlan, Wave } from "./plan.ts";

/** A planned object as the cluster has it now. */
export interface GatedState {
  readonly exists: boolean;
  /** Undefined for a kind without a health check: it counts as healthy at once. */
  readonly health: Health | undefined;
  /** It has a deletionTimestamp. */
  readonly deleting?: boolean;
  /** The finalizers that hold it back from going. */
  readonly heldBy?: readonly string[];
}

/** What the executor knows of a wave. */
export interface WaveState {
  /** One for each action that has ended. */
  readonly results: ReadonlyMap<ObjectKey, ResourceResult>;
  readonly stateOf: (key: ObjectKey) => GatedState;
}

export type WaveOutcome =
  | { readonly status: "running"; readonly message: string; readonly awaited: readonly ObjectKey[] }
  | { readonly status: "done" }
  | { readonly status: "failed"; readonly message: string };

/** Where a wave stands: it fails on the first failed action or gate, and is done when none is left to wait for. */
export function waveOutcome(wave: Wave, state: WaveState): WaveOutcome {
  const actions = actionsOf(wave);
  const failures = actions.flatMap(({ key }) => {
    const result = state.results.get(key);
    return result?.code === "SyncFailed" ? [withSubject(formatObjectKey(key), result.message)] : [];
  });
  if (failures.length > 0)
    return { status: "failed", message: withReason(operationMessages.applyFailed, failures) };
  const pending = actions.filter((action) => action.verb !== "skip" && !state.results.has(action.key));
  if (pending.length > 0) {
    const keys = pending.map((action) => action.key);
    return { status: "running", awaited: keys, message: `working on ${formatAwaited(keys, state)}` };
  }
  if (actions.some((action) => action.verb === "skip" && action.because === "hook-failed")) {
    return { status: "failed", message: operationMessages.tasksFailed };
  }
  return gateOutcome(wave, state);
}

function gateOutcome(wave: Wave, state: WaveState): WaveOutcome {
  const judged = wave.gates.map((gate) => ({ gate, verdict: judgeGate(gate, state.stateOf(gate.key)) }));
  const failed = judged.filter((one) => one.verdict === "failed");
  if (failed.length > 0)
    return failedGates(
      failed.map((one) => one.gate),
      wave,
      state,
    );
  const waiting = judged.filter((one) => one.verdict === "waiting").map((one) => one.gate);
  const [first] = waiting;
  if (first === undefined) return { status: "done" };
  const awaited = waiting.map((gate) => gate.key);
  return {
    status: "running",
    awaited,
    message: `waiting for ${goalOf(first)} ${formatAwaited(awaited, state)}${first.until === "gone" ? formatHolders(first.key, state) : ""}`,
  };
}

function formatHolders(key: ObjectKey, state: WaveState): string {
  const { heldBy = [] } = state.stateOf(key);
  return heldBy.length === 0 ? "" : `, which ${heldBy.join(", ")} in its metadata.finalizers holds`;
}

function goalOf(gate: Gate): string {
  if (gate.until === "gone") return "deletion of";
  return gate.hook ? "completion of hook" : "healthy state of";
}

type Verdict = "passed" | "waiting" | "failed";

function judgeGate(gate: Gate, state: GatedState): Verdict {
  if (gate.until === "gone") return state.exists ? "waiting" : "passed";
  if (gate.hook) return judgeHook(state);
  const verdict = judgeHealth(state);
  const isSuspended = verdict === "waiting" && state.health?.status === "Suspended";
  return isSuspended && gate.suspendedIsDone ? "passed" : verdict;
}

/** How a hook stands: one that somebody deletes while it runs comes to no end, and one of unknown health has none that counts. */
export function judgeHook(state: GatedState): Verdict {
  const verdict = judgeHealth(state);
  if (verdict !== "waiting") return verdict;
  return state.deleting === true || state.health?.status === "Unknown" ? "failed" : "waiting";
}

function judgeHealth({ exists, health }: GatedState): Verdict {
  // Whoever deleted it will have to say so: going on would build on something that is not there.
  if (!exists) return "failed";
  const status = health?.status;
  switch (status) {
    case undefined:
    case "Healthy":
      return "passed";
    case "Degraded":
      return "failed";
    case "Suspended":
    case "Unknown":
    case "Progressing":
    case "Missing":
      return "waiting";
    default:
      throw new Error(`unhandled health: ${String(status satisfies never)}`);
  }
}

function failedGates(gates: readonly Gate[], wave: Wave, state: WaveState): WaveOutcome {
  const reasons = gates.map(({ key }) => {
    const { exists, health, deleting } = state.stateOf(key);
    if (!exists || (deleting === true && health?.status === "Progressing"))
      return `${formatGroupKindName(key)} was deleted while the sync waited for it`;
    const why = health?.message === undefined ? "" : `: ${health.message}`;
    return `${formatGroupKindName(key)} is ${health?.status ?? "Unknown"}${why}${formatLog(key, wave)}`;
  });
  return { status: "failed", message: withReason(operationMessages.tasksFailed, reasons) };
}

const kindsWithLog: ReadonlySet<string> = new Set(["batch/Job", "/Pod"]);

/** Where the reason is to be found, of what runs to an end and is still there. */
function formatLog(key: ObjectKey, wave: Wave): string {
  const { group, kind, namespace, name } = parseObjectKey(key);
  if (!kindsWithLog.has(`${group}/${kind}`)) return "";
  const action = actionsOf(wave).find((one) => one.key === key);
  if (action === undefined || action.verb === "prune") return "";
  const isRemoved = action.hook?.deletePolicies.includes("HookFailed") === true;
  const expires =
    action.verb === "apply" && viewPath(action.desired, "spec", "ttlSecondsAfterFinished") !== undefined;
  return isRemoved || expires
    ? ""
    : `; for its log run: kubectl logs -n ${namespace} ${kind.toLowerCase()}/${name}`;
}

/** `apps/Deployment/web (3 of 5 replicas updated) and 2 more`. */
function formatAwaited(keys: readonly ObjectKey[], state: WaveState): string {
  const [first, ...rest] = keys;
  if (first === undefined) return "nothing";
  const message = state.stateOf(first).health?.message;
  const detail = message === undefined || message === "" ? "" : ` (${message})`;
  return `${formatGroupKindName(first)}${detail}${rest.length === 0 ? "" : ` and ${rest.length} more`}`;
}

/** `apps/Deployment/web`, as Argo CD's messages name an object. */
export function formatGroupKindName(key: ObjectKey): string {
  const { group, kind, name } = parseObjectKey(key);
  return [group, kind, name].filter((part) => part !== "").join("/");
}

/** How far a plan has come. Plain data: it starts as `startProgress` and changes through `advance` only. */
export interface PlanProgress {
  /** Index into the plan's waves of the next one to run. */
  readonly next: number;
  /** Set once something failed: only SyncFail waves run from then on. */
  readonly failure: string | undefined;
}

export type NextStep =
  | { readonly do: "run"; readonly wave: Wave; readonly index: number }
  | { readonly do: "finish"; readonly phase: OperationPhase; readonly message: string };

export const startProgress: PlanProgress = { next: 0, failure: undefined };

/** The progress after the wave at `index` has ended. */
export function advance(
  progress: PlanProgress,
  index: number,
  outcome: Exclude<WaveOutcome, { readonly status: "running" }>,
): PlanProgress {
  const failure = progress.failure ?? (outcome.status === "failed" ? outcome.message : undefined);
  return { next: index + 1, failure };
}

/** What to do next: run a wave, or end the operation. A refused plan ends before it starts. */
export function nextWave(plan: SyncPlan, progress: PlanProgress): NextStep {
  if (plan.refusals.length > 0) return refused(plan);
  const { index, failure } = findWave(plan, progress);
  const wave = plan.waves[index];
  if (wave !== undefined) return { do: "run", wave, index };
  if (failure !== undefined) return { do: "finish", phase: "Failed", message: failure };
  const { succeeded, nothingToDo } = operationMessages;
  return { do: "finish", phase: "Succeeded", message: plan.waves.length === 0 ? nothingToDo : succeeded };
}

interface Found {
  readonly index: number;
  readonly failure: string | undefined;
}

function findWave(plan: SyncPlan, { next, failure: known }: PlanProgress): Found {
  const index = plan.waves.findIndex((wave, at) => at >= next && wave.phase !== "SyncFail");
  const candidate = plan.waves[index];
  const failure = known ?? blockedFailure(plan, candidate);
  if (failure === undefined) return { index, failure };
  return { index: plan.waves.findIndex((wave, at) => at >= next && wave.phase === "SyncFail"), failure };
}

/**
 * Objects that were not applied because another application owns them fail the sync, but only once all the others are applied:
 * nothing is pruned and no PostSync hook runs while the new state is incomplete.
 */
function blockedFailure(plan: SyncPlan, candidate: Wave | undefined): string | undefined {
  const applies = candidate !== undefined && candidate.step === "apply" && candidate.phase !== "PostSync";
  if (applies) return undefined;
  const blocked = plan.skipped.filter((one) => one.result?.code === "SyncFailed");
  if (blocked.length === 0) return undefined;
  return withReason(
    operationMessages.applyFailed,
    blocked.map((one) => one.message),
  );
}

function refused(plan: SyncPlan): NextStep {
  const reasons = plan.refusals.map((one) => `${one.message}; to go on: ${one.override}`);
  return { do: "finish", phase: "Failed", message: withReason(operationMessages.tasksInvalid, reasons) };
}

/** Most errors name their object themselves. */
function withSubject(subject: string, message: string): string {
  return message.startsWith(`${subject}: `) ? message : `${subject}: ${message}`;
}

/** Argo CD's form, which people search their logs for. */
function withReason(message: string, reasons: readonly string[]): string {
  return `${message}, reason: ${reasons.join("; ")}`;
}
