import type { Application, Operation, OperationState, RevisionHistory } from "#core/app/index.ts";
import { isLocalSync, validateOperation } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf, stackOf } from "#core/errors/index.ts";
import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { HookResult, OperationPhase, SyncPlan } from "#core/sync/index.ts";
import type { ActionResult } from "#engine/plan-run.ts";
import { decideRetry, formatRetryWait, operationMessages } from "#core/sync/index.ts";
import { ownsObject, viewHooks } from "#core/tracking/index.ts";
import { removeHooks } from "#engine/finish-hooks.ts";
import type { WaitingPlan } from "#core/approval/index.ts";
import type { PlanHash } from "#core/sync/index.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { HealthChecks } from "#engine/scripted-health.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { Semaphore } from "#runtime/semaphore.ts";
import { whileOpen } from "../clusters/while-open.ts";
import type { AppContext } from "#engine/app-context.ts";
import { attemptSync, hooksOf } from "./attempt-sync.ts";
import { operationStateOf } from "./operation-state.ts";
import { withRollback } from "./rollback-operation.ts";
import { OperationStopped } from "./operation-stopped.ts";
import type { StageIndex } from "../promotion/stage-index.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import type { AppState, FinishedOperation, RunningOperation } from "./state.ts";

interface OperationDeps {
  readonly adapters: SourceAdapters;
  readonly scripts: Scripts;
  readonly healthChecks: HealthChecks;
  readonly secretHash: (value: string) => string;
  readonly planHash: PlanHash;
  readonly stages: Pick<StageIndex, "claimsOf">;
  readonly log: Log;
  readonly writeConcurrency: number;
  /** Slots for work; what only waits holds none, or ten hanging syncs would stop all others. */
  readonly operations: Semaphore;
  /** The Application as it is now. */
  readonly application: () => Application;
  readonly waveDelayMs: number;
  /** Called when what the status should say has changed. */
  readonly onProgress: () => void;
  /** Called when the operation waits for its progress to be written. */
  readonly onTell: () => void;
  /** Called before each attempt, which does not begin once the operation is held or stopped. */
  readonly onAttempt: () => void;
}

export interface OperationRun {
  readonly context: AppContext;
  readonly state: AppState;
  readonly running: RunningOperation;
  readonly deps: OperationDeps;
  readonly signal: AbortSignal;
  retryCount: number;
  readonly applied: Set<ObjectKey>;
  /** Hooks that ran before a restart; a new attempt runs its hooks again. */
  hooks: readonly HookResult[];
  /** What the attempt had done before a restart. */
  earlier: readonly ActionResult[];
  /** Retry with the newest revision instead of the one that failed. */
  refresh: boolean;
  /** The first attempt continues one that a restart interrupted. */
  resumed: boolean;
  /** A restart came between two attempts: when the next one is due, Unix milliseconds. */
  readonly dueAtMs: number | undefined;
}

export interface Attempt {
  readonly phase: OperationPhase;
  readonly message: string;
  /** Another try would end the same way: a guard refused the plan, or somebody stopped it. */
  readonly final: boolean;
  readonly plan: SyncPlan | undefined;
  readonly syncResult: OperationState["syncResult"];
  /** It failed because of what it deploys. */
  readonly blamesRevision: boolean;
  /** The plan, when nobody had approved it. */
  readonly refusedPlan?: WaitingPlan | undefined;
}

/** How an attempt ended that came to no end of its own. */
const unfinished = { final: true, plan: undefined, blamesRevision: false } as const;

/**
 * Runs one operation to its end, retries included. Never rejects but with AbortError, when the controller itself stops or a sync window
 * closes, and with KUBE_CLOSED, when the cluster's connection was replaced: the operation then continues later, as after a restart.
 */
export async function runOperation(run: OperationRun): Promise<FinishedOperation> {
  const { running, deps, context } = run;
  const { clock } = deps.adapters;
  if (run.dueAtMs !== undefined) {
    const stopped = await sleepUntil(run.dueAtMs, run);
    const { syncResult } = running.progress;
    if (stopped !== undefined) {
      return finish(run, { ...unfinished, ...stopped, syncResult }, clock.now());
    }
  }
  for (;;) {
    const attempt = await tryOnce(run);
    const finishedAtMs = clock.now();
    const decision = decideRetry({
      policy: retryPolicyOf(running, context),
      automated: running.automated,
      phase: attempt.phase,
      final: attempt.final,
      retryCount: run.retryCount,
      finishedAtMs,
    });
    if (!decision.retry) return finish(run, attempt, finishedAtMs);
    run.retryCount = decision.attempt;
    run.refresh = decision.refresh;
    run.hooks = [];
    run.earlier = [];
    run.resumed = false;
    const message = formatRetryWait(attempt.message, {
      attempt: decision.attempt,
      at: formatTime(decision.atMs),
    });
    progress(run, { message, waiting: true, syncResult: attempt.syncResult });
    const stopped = await sleepUntil(decision.atMs, run);
    if (stopped !== undefined) return finish(run, { ...attempt, ...stopped }, clock.now());
  }
}

/** How an operation is tried again; undefined for the defaults. */
export function retryPolicyOf(
  { operation, automated }: RunningOperation,
  { app }: AppContext,
): Operation["retry"] {
  return operation.retry ?? (automated ? app.spec.syncPolicy?.retry : undefined);
}

/** Ends what is left of an operation that was terminated while no controller ran. */
export async function endOperation(run: OperationRun): Promise<FinishedOperation> {
  const { running, context, deps, signal } = run;
  const resources = running.progress.syncResult?.resources ?? [];
  const said = resources.filter((line) => line.hookPhase === "Running").map((line) => objectKey(line));
  const ended = await whileOpen(context.live, async () => {
    const { live } = context;
    const unsaid = await unsaidHooks(run);
    await removeHooks(unsaid, { live, isHook: (object) => isOwnHook(object, run), signal });
    return removeHooks(said, { live, isHook: (object) => isHookOf(object, context), signal });
  });
  const finishedAtMs = deps.adapters.clock.now();
  const syncResult = running.progress.syncResult;
  const lines = resources.map((line) =>
    ended.has(objectKey(line)) ? { ...line, hookPhase: "Failed" as const } : line,
  );
  return finish(
    run,
    {
      ...unfinished,
      phase: "Failed",
      message: operationMessages.terminated,
      syncResult: syncResult === undefined ? undefined : { ...syncResult, resources: lines },
    },
    finishedAtMs,
  );
}

/** Hooks that may have been started just before the controller ended, which the Application does not speak of yet. */
async function unsaidHooks(run: OperationRun): Promise<readonly ObjectKey[]> {
  const said = new Set(run.hooks.map(({ key }) => key));
  try {
    return (await hooksOf(run, run.signal)).filter((key) => !said.has(key));
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug" || error.code === "KUBE_CLOSED") throw error;
    run.deps.log.warn("hooks that were just started are not looked for", {
      app: run.context.key,
      error: error.message,
    });
    return [];
  }
}

/** Of this operation, and not of one before it. */
function isOwnHook(object: KubeObject, { context, running }: OperationRun): boolean {
  const createdAt = Date.parse(object.metadata.creationTimestamp ?? "");
  return isHookOf(object, context) && createdAt >= Math.floor(running.startedAtMs / 1_000) * 1_000;
}

/** An object of the user's under the name of a hook is not ours to remove. */
function isHookOf(object: KubeObject, { tracking }: AppContext): boolean {
  return viewHooks(object).isHook && ownsObject(object, tracking);
}

type Stopped = Pick<Attempt, "phase" | "message" | "blamesRevision">;

async function sleepUntil(atMs: number, run: OperationRun): Promise<Stopped | undefined> {
  const { clock } = run.deps.adapters;
  try {
    await clock.sleep(Math.max(0, atMs - clock.now()), signalOf(run));
    return undefined;
  } catch (error) {
    return stoppedBy(run, error);
  }
}

function signalOf(run: OperationRun): AbortSignal {
  return AbortSignal.any([run.signal, run.running.stop.signal]);
}

/** Why the operation was stopped; rethrows what is not a stop of this operation. */
function stoppedBy(run: OperationRun, error: unknown): Stopped {
  const { reason } = run.running.stop.signal as { readonly reason: unknown };
  if (!run.signal.aborted && run.running.stop.signal.aborted && reason instanceof OperationStopped) {
    return { phase: reason.phase, message: reason.message, blamesRevision: reason.blamesRevision };
  }
  throw error;
}

async function tryOnce(run: OperationRun): Promise<Attempt> {
  const { running } = run;
  const problems = validateOperation(running.operation);
  if (problems.length > 0) {
    const message = problems.map((problem) => problem.message).join("; ");
    return { ...unfinished, phase: "Error", message, syncResult: undefined };
  }
  const results: { latest: OperationState["syncResult"] } = {
    latest: run.resumed ? running.progress.syncResult : undefined,
  };
  try {
    run.deps.onAttempt();
    throwIfAborted(signalOf(run));
    return await whileOpen(run.context.live, () =>
      attemptSync(run, signalOf(run), (now, syncResult) => {
        results.latest = syncResult;
        progress(run, { message: now.message, waiting: now.waiting, syncResult });
      }),
    );
  } catch (error) {
    if (running.stop.signal.aborted || run.signal.aborted) {
      return { ...unfinished, ...stoppedBy(run, error), syncResult: results.latest };
    }
    if (isAbortError(error) || isMooringError(error, "KUBE_CLOSED")) throw error;
    const known = isMooringError(error) && error.retry !== "bug";
    if (!known) run.deps.log.error("operation hit a bug", { app: run.context.key, error: stackOf(error) });
    return {
      ...unfinished,
      phase: "Error",
      message: messageOf(error),
      final: isMooringError(error) && error.retry === "never",
      syncResult: results.latest,
    };
  }
}

function progress(
  run: OperationRun,
  now: {
    readonly message: string;
    readonly waiting: boolean;
    readonly syncResult: OperationState["syncResult"];
  },
): void {
  run.running.waiting = now.waiting;
  run.running.progress = operationStateOf({
    operation: run.running.operation,
    startedAtMs: run.running.startedAtMs,
    phase: "Running",
    message: now.message,
    retryCount: run.retryCount,
    ...(now.syncResult === undefined ? {} : { syncResult: now.syncResult }),
  });
  run.deps.onProgress();
}

function finish(run: OperationRun, attempt: Attempt, finishedAtMs: number): FinishedOperation {
  const { running } = run;
  const state = operationStateOf({
    operation: running.operation,
    startedAtMs: running.startedAtMs,
    phase: attempt.phase,
    message: withRollback(attempt.message, running.operation),
    retryCount: run.retryCount,
    finishedAtMs,
    ...(attempt.syncResult === undefined ? {} : { syncResult: attempt.syncResult }),
  });
  const isWhole = attempt.plan?.dryRun === false && !attempt.plan.partial;
  // What nobody committed nobody could go back to.
  const recorded = attempt.phase === "Succeeded" && isWhole && !isLocalSync(running.operation);
  const history: Omit<RevisionHistory, "id"> = {
    ...historyOf(attempt.syncResult),
    deployedAt: formatTime(finishedAtMs),
    deployStartedAt: formatTime(running.startedAtMs),
    ...(running.operation.initiatedBy === undefined ? {} : { initiatedBy: running.operation.initiatedBy }),
  };
  const pruned = (attempt.syncResult?.resources ?? [])
    .filter((line) => line.status === "Pruned")
    .map((line) => objectKey(line));
  return {
    operation: running.operation,
    state,
    history: recorded ? history : undefined,
    pruned,
    blamesRevision: attempt.blamesRevision,
    refusedPlan: attempt.refusedPlan,
  };
}

function historyOf(
  syncResult: OperationState["syncResult"],
): Pick<RevisionHistory, "revision" | "revisions" | "source" | "sources"> {
  const { revision = "", revisions, source, sources } = syncResult ?? {};
  if (sources !== undefined) return { sources, ...(revisions === undefined ? {} : { revisions }) };
  return { revision, ...(source === undefined ? {} : { source }) };
}
