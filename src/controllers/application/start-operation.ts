import type { Application, Operation } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Resumed } from "./operation-state.ts";
import { operationStateOf, resumeOf } from "./operation-state.ts";
import { OperationStopped } from "./operation-stopped.ts";
import type { OperationRun } from "./run-operation.ts";
import { endOperation, retryPolicyOf, runOperation } from "./run-operation.ts";
import type { AppState, FinishedOperation, RunningOperation } from "./state.ts";
import { holdByWindows } from "./sync-windows.ts";

/** How often at most the progress of a running operation is written. */
export const progressWriteMs = 1_000;
/** How long an operation may keep its turn while it waits to be written down. */
const recordTurnMs = 2_000;

/** What an operation works for. */
export function specOf({ spec }: Application): string {
  return canonicalJson([
    spec.source,
    spec.sources,
    spec.sourceHydrator,
    spec.destination,
    spec.project,
  ] as unknown as JsonValue);
}

export interface Start {
  readonly deps: ApplicationDeps;
  readonly operation: Operation;
  readonly automated: boolean;
  readonly recorded: boolean;
  /** It was told to stop before the controller restarted: what is left of it is to be ended. */
  readonly terminating: boolean;
  readonly revision: string;
}

/** Queues an operation and carries it out; the application is looked at again when it has ended. */
export function startOperation(context: AppContext, state: AppState, start: Start): void {
  const { deps } = start;
  const resumed = resumeOf(start.operation, context.app.status?.operationState);
  const running = runningOf(context, start, resumed);
  state.running = running;
  const signal = AbortSignal.any([deps.signal, running.stop.signal, running.hold.signal]);
  const record = () => {
    if (!running.mayRecord) {
      running.mayRecord = true;
      deps.queue.addUrgent(context.key);
    }
    return recordedFirst(running, signal);
  };
  const run = runOf({ context, state, running, deps }, resumed);
  // A thousand applications that all want to be synced take their turns first: what waits has nothing to say that its turn will not.
  const queues = start.automated && !start.terminating;
  const recorded = queues ? deps.operations.run(() => briefly(record(), deps), signal) : record();
  const task: Promise<void> = recorded
    .then(() => recordedFirst(running, signal))
    .then(() => (start.terminating ? endOperation(run) : runOperation(run)))
    .then(
      (finished) => settle(state, finished, { context, deps }),
      (error: unknown) => settleError(error, { context, state, running, deps }),
    )
    .finally(() => {
      deps.tasks.delete(task);
      for (const part of ["operation", "plan"]) context.live.release(`${context.instance}#${part}`);
      deps.queue.addUrgent(context.key);
    });
  deps.tasks.add(task);
}

/** Waits for a while: an application that cannot be written down, whatever the reason, must not keep others from their turn. */
async function briefly(work: Promise<void>, { adapters }: ApplicationDeps): Promise<void> {
  const over = Promise.withResolvers<void>();
  using _timer = adapters.clock.after(recordTurnMs, over.resolve);
  await Promise.race([work, over.promise]);
}

function runningOf(
  context: AppContext,
  { deps, operation, automated, recorded, revision }: Start,
  resumed: Resumed | undefined,
): RunningOperation {
  const now = deps.adapters.clock.now();
  const startedAtMs = resumed?.startedAtMs ?? now;
  return {
    operation,
    automated,
    recorded,
    revision,
    spec: specOf(context.app),
    startedAtMs,
    writtenAtMs: undefined,
    queuedAtMs: now,
    beganAtMs: recorded ? now : undefined,
    mayRecord: !automated || recorded,
    whenRecorded: Promise.withResolvers<void>(),
    told: undefined,
    approved: Promise.withResolvers<void>(),
    permittedPlan: undefined,
    waiting: true,
    progress: operationStateOf({
      operation,
      startedAtMs,
      phase: "Running",
      message: "waiting to start",
      retryCount: resumed?.retryCount ?? 0,
      ...(resumed?.syncResult === undefined ? {} : { syncResult: resumed.syncResult }),
    }),
    stop: new AbortController(),
    hold: new AbortController(),
  };
}

function runOf({ context, state, running, deps }: Started, resumed: Resumed | undefined): OperationRun {
  // The attempt before has ended, and the next one is one of its own.
  const isBetween = resumed?.dueAtMs !== undefined;
  return {
    context,
    state,
    running,
    deps: {
      ...deps,
      application: () => (deps.hub.applications.get(context.key) ?? context.app) as Application,
      onProgress: () => deps.queue.addAfter(context.key, progressWriteMs),
      onTell: () => deps.queue.addUrgent(context.key),
      onAttempt: () => holdByWindows(running, context, deps.adapters.clock.now()),
    },
    // As at a restart: nothing is ended, what it did is written down, and it goes on from there.
    signal: AbortSignal.any([deps.signal, running.hold.signal]),
    retryCount: resumed?.retryCount ?? 0,
    applied: new Set(resumed?.applied),
    hooks: isBetween ? [] : (resumed?.hooks ?? []),
    earlier: isBetween ? [] : (resumed?.lines ?? []),
    resumed: resumed !== undefined && !isBetween,
    refresh: isBetween && retryPolicyOf(running, context)?.refresh === true,
    dueAtMs: resumed?.dueAtMs,
  };
}

async function recordedFirst(running: RunningOperation, signal: AbortSignal): Promise<void> {
  if (!running.recorded) await waitOrAbort(running.whenRecorded.promise, signal);
}

function settle(
  state: AppState,
  finished: FinishedOperation,
  { context, deps }: { readonly context: AppContext; readonly deps: ApplicationDeps },
): void {
  state.running = undefined;
  state.finished = finished;
  state.pruned = new Set(finished.pruned);
  const { phase, message, syncResult } = finished.state;
  const level = phase === "Succeeded" ? "info" : "warn";
  deps.log[level]("operation ended", {
    app: context.key,
    phase,
    revision: syncResult?.revision,
    automated: finished.operation.initiatedBy?.automated === true,
    message,
  });
}

interface Started {
  readonly context: AppContext;
  readonly state: AppState;
  readonly running: RunningOperation;
  readonly deps: ApplicationDeps;
}

function settleError(error: unknown, { context, state, running, deps }: Started): void {
  // It was stopped before its turn, and another may have begun since.
  if (state.running !== running) return;
  state.running = undefined;
  // The controller is stopping: the operation stays in the Application and continues after the next start.
  if (deps.signal.aborted) return;
  // The next look has the new connection, on which it goes on as after a restart.
  if (isMooringError(error, "KUBE_CLOSED")) return;
  if (running.hold.signal.aborted) {
    state.held = running.progress;
    return;
  }
  const { reason } = running.stop.signal as { readonly reason: unknown };
  const stopped = reason instanceof OperationStopped ? reason : undefined;
  if (stopped === undefined && !isAbortError(error)) {
    deps.log.error("operation ended by a bug", { app: context.key, error: messageOf(error) });
  }
  state.finished = endedOperation(running.operation, {
    now: deps.adapters.clock.now(),
    startedAtMs: running.startedAtMs,
    phase: stopped === undefined ? "Error" : "Failed",
    message: stopped?.message ?? messageOf(error),
  });
}

/** An operation that ended without having run. */
export function endedOperation(
  operation: Operation,
  at: {
    readonly now: number;
    readonly startedAtMs: number;
    readonly phase: "Failed" | "Error";
    readonly message: string;
  },
): FinishedOperation {
  const state = operationStateOf({ ...at, operation, retryCount: 0, finishedAtMs: at.now });
  return { operation, state, history: undefined, pruned: [], blamesRevision: false };
}
