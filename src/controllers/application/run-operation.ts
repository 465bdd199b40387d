import type { OperationState, RevisionHistory } from "#core/app/index.ts";
import { validateOperation } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import { assessHealth } from "#core/health/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { HookResult, OperationPhase, SyncPlan } from "#core/sync/index.ts";
import { decideRetry } from "#core/sync/index.ts";
import { ownsObject } from "#core/tracking/index.ts";
import { compareApp } from "#engine/compare.ts";
import type { Desired } from "#engine/desired.ts";
import type { RunOutcome, RunProgress } from "#engine/run-plan.ts";
import { runPlan } from "#engine/run-plan.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { AppContext } from "./context.ts";
import { withSource } from "./context.ts";
import { operationStateOf, resourceResultsOf } from "./operation-state.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { planOperation } from "./plan-operation.ts";
import type { SourceAdapters } from "./refresh-desired.ts";
import { renderDesired } from "./refresh-desired.ts";
import type { AppState, FinishedOperation, RunningOperation } from "./state.ts";
import { inventoryOf } from "./inventory.ts";
import { namespaceKeyOf } from "./sync-options.ts";

export interface OperationDeps {
  readonly adapters: SourceAdapters;
  readonly secretHash: (value: string) => string;
  readonly log: Log;
  readonly writeConcurrency: number;
  /** Called when what the status should say has changed. */
  readonly onProgress: () => void;
}

interface Run {
  readonly context: AppContext;
  readonly state: AppState;
  readonly running: RunningOperation;
  readonly deps: OperationDeps;
  readonly signal: AbortSignal;
  retryCount: number;
  readonly applied: Set<ObjectKey>;
  /** Hooks that ran before a restart; a new attempt runs its hooks again. */
  hooks: readonly HookResult[];
  /** The first attempt continues one that a restart interrupted. */
  resumed: boolean;
}

interface Attempt {
  readonly phase: OperationPhase;
  readonly message: string;
  /** Another try would end the same way: a guard refused the plan, or somebody stopped it. */
  readonly final: boolean;
  readonly plan: SyncPlan | undefined;
  readonly syncResult: OperationState["syncResult"];
}

/**
 * Runs one operation to its end, retries included. Never rejects but with AbortError, when the controller itself stops: the
 * operation then continues after the next start.
 */
export async function runOperation(run: Run): Promise<FinishedOperation> {
  const { running, deps, context } = run;
  const { clock } = deps.adapters;
  for (;;) {
    const attempt = await tryOnce(run);
    const finishedAtMs = clock.now();
    const decision = decideRetry({
      policy: running.operation.retry ?? (running.automated ? context.app.spec.syncPolicy?.retry : undefined),
      automated: running.automated,
      phase: attempt.phase,
      final: attempt.final,
      retryCount: run.retryCount,
      finishedAtMs,
    });
    if (!decision.retry) return finish(run, attempt, finishedAtMs);
    run.retryCount = decision.attempt;
    run.hooks = [];
    run.resumed = false;
    const message = `${attempt.message}. Retrying attempt #${decision.attempt} at ${formatTime(decision.atMs)}.`;
    progress(run, { message, waiting: true, syncResult: attempt.syncResult });
    const stopped = await sleepUntil(decision.atMs, run);
    if (stopped !== undefined) return finish(run, { ...attempt, ...stopped }, clock.now());
  }
}

async function sleepUntil(atMs: number, run: Run): Promise<Pick<Attempt, "phase" | "message"> | undefined> {
  const { clock } = run.deps.adapters;
  try {
    await clock.sleep(Math.max(0, atMs - clock.now()), signalOf(run));
    return undefined;
  } catch (error) {
    return stoppedBy(run, error);
  }
}

function signalOf(run: Run): AbortSignal {
  return AbortSignal.any([run.signal, run.running.stop.signal]);
}

/** Why the operation was stopped; rethrows what is not a stop of this operation. */
function stoppedBy(run: Run, error: unknown): Pick<Attempt, "phase" | "message"> {
  const { reason } = run.running.stop.signal as { readonly reason: unknown };
  if (!run.signal.aborted && run.running.stop.signal.aborted && reason instanceof OperationStopped) {
    return { phase: reason.phase, message: reason.message };
  }
  throw error;
}

async function tryOnce(run: Run): Promise<Attempt> {
  const { running } = run;
  const problems = validateOperation(running.operation);
  if (problems.length > 0) {
    const message = problems.map((problem) => problem.message).join("; ");
    return { phase: "Error", message, final: true, plan: undefined, syncResult: undefined };
  }
  const results: { latest: OperationState["syncResult"] } = { latest: undefined };
  try {
    return await attemptSync(run, results);
  } catch (error) {
    if (running.stop.signal.aborted || run.signal.aborted) {
      return { ...stoppedBy(run, error), final: true, plan: undefined, syncResult: results.latest };
    }
    if (isAbortError(error)) throw error;
    const known = isMooringError(error) && error.retry !== "bug";
    if (!known) run.deps.log.error("operation hit a bug", { app: run.context.key, error: stackOf(error) });
    return {
      phase: "Error",
      message: messageOf(error),
      final: isMooringError(error) && error.retry === "never",
      plan: undefined,
      syncResult: results.latest,
    };
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function attemptSync(run: Run, results: { latest: OperationState["syncResult"] }): Promise<Attempt> {
  const { context, running, deps } = run;
  const signal = signalOf(run);
  const desired = await desiredOf(run, signal);
  const namespaceKey = namespaceKeyOf(context.app, running.operation);
  const compared = await compareApp({
    claimant: `${context.instance}#operation`,
    desired,
    inventory: [...inventoryOf(context.app), ...(namespaceKey === undefined ? [] : [namespaceKey])],
    live: context.live,
    tracking: context.tracking,
    secretHash: deps.secretHash,
    verdicts: desired === run.state.desired?.desired ? run.state.verdicts : new Map(),
    signal,
  });
  const plan = planOperation({
    context,
    operation: running.operation,
    revision: desired.revision,
    startedAtMs: running.startedAtMs,
    compared,
    applied: run.applied,
    hooks: run.hooks,
    resumed: run.resumed,
  });
  const outcome = await runPlan(plan, {
    live: context.live,
    claimant: `${context.instance}#plan`,
    clock: deps.adapters.clock,
    assess: (object) => assessHealth(object),
    isOurs: (object) => ownsObject(object, context.tracking),
    apiVersions: new Map(compared.map((object) => [object.key, object.apiVersion])),
    concurrency: deps.writeConcurrency,
    onProgress: (now) => {
      results.latest = syncResultOf(run, desired, now);
      progress(run, { message: now.message, waiting: now.waiting, syncResult: results.latest });
    },
    signal,
    shutdown: run.signal,
  });
  for (const line of outcome.results)
    if (line.result.code === "Synced" && !line.result.message.endsWith("unchanged"))
      run.applied.add(line.key);
  return {
    phase: outcome.phase,
    message: outcome.message,
    final: plan.refusals.length > 0,
    plan,
    syncResult: syncResultOf(run, desired, outcome),
  };
}

async function desiredOf(run: Run, signal: AbortSignal): Promise<Desired> {
  const { context, running, deps, state } = run;
  const source = running.operation.sync?.source ?? context.source;
  const sameSource = jsonEqual(source, context.source);
  const asked = running.operation.sync?.revision ?? "";
  const known = state.desired?.desired;
  if (running.automated && known?.revision === asked && sameSource) return known;
  const from = withSource(context, source);
  const { commit } = await deps.adapters.git.resolve(
    from.repository,
    asked === "" ? (source.targetRevision ?? "") : asked,
    { maxAgeMs: 0, signal },
  );
  if (known?.revision === commit && sameSource) return known;
  const discovery = await context.live.cluster.discover(signal);
  return renderDesired(commit, from, { adapters: deps.adapters, discovery, signal });
}

function syncResultOf(
  run: Run,
  desired: Desired,
  { results }: Pick<RunProgress | RunOutcome, "results">,
): NonNullable<OperationState["syncResult"]> {
  return {
    revision: desired.revision,
    source: run.running.operation.sync?.source ?? run.context.source,
    resources: resourceResultsOf(results),
  };
}

function progress(
  run: Run,
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

function finish(run: Run, attempt: Attempt, finishedAtMs: number): FinishedOperation {
  const { running, context } = run;
  const state = operationStateOf({
    operation: running.operation,
    startedAtMs: running.startedAtMs,
    phase: attempt.phase,
    message: attempt.message,
    retryCount: run.retryCount,
    finishedAtMs,
    ...(attempt.syncResult === undefined ? {} : { syncResult: attempt.syncResult }),
  });
  const recorded = attempt.phase === "Succeeded" && attempt.plan?.dryRun === false && !attempt.plan.partial;
  const history: Omit<RevisionHistory, "id"> = {
    revision: attempt.syncResult?.revision ?? "",
    deployedAt: formatTime(finishedAtMs),
    deployStartedAt: formatTime(running.startedAtMs),
    source: attempt.syncResult?.source ?? context.source,
    ...(running.operation.initiatedBy === undefined ? {} : { initiatedBy: running.operation.initiatedBy }),
  };
  return { operation: running.operation, state, history: recorded ? history : undefined };
}
