import type { Application, FoundCondition, Operation } from "#core/app/index.ts";
import { sourceOf } from "#core/app/index.ts";
import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import { canonicalJson, parseObjectKey } from "#core/object/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { AutoSyncDecision, LastOperation } from "#core/sync/index.ts";
import { decideAutoSync, operationMessages } from "#core/sync/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import { operationStateOf, resumeOf } from "./operation-state.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { endOperation, runOperation } from "./run-operation.ts";
import type { AppState, FinishedOperation, RunningOperation } from "./state.ts";
import { syncStatusOf } from "./status.ts";

/** How often at most the progress of a running operation is written. */
export const progressWriteMs = 1_000;

/** Starts, continues or stops the application's operation; what the user must know of that comes back as conditions. */
export function steerOperation(
  app: Application,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): readonly FoundCondition[] {
  if (state.finished !== undefined) return [];
  if (state.running !== undefined) {
    stopIfAsked(app, state.running, look);
    return [];
  }
  if (app.operation !== undefined) {
    requested(app, state, { look, deps, operation: app.operation });
    return [];
  }
  if (look.context === undefined || look.compared === undefined || look.desired === undefined) return [];
  if (look.outdated) return [];
  return startAutomated(look.context, state, { look, deps });
}

function stopIfAsked(app: Application, running: RunningOperation, look: Look): void {
  if (app.status?.operationState?.phase === "Terminating" && running.recorded) {
    running.stop.abort(new OperationStopped("Failed", operationMessages.terminated));
    return;
  }
  if (running.waiting && running.spec !== specOf(app)) {
    running.stop.abort(
      new OperationStopped("Failed", "superseded: the application's source, destination or project changed"),
    );
    return;
  }
  const newer = look.desired?.revision;
  const superseded =
    running.automated && running.waiting && !look.stale && newer !== undefined && newer !== running.revision;
  if (!superseded) return;
  const message = `superseded by revision ${newer.slice(0, 7)}, while it was ${running.progress.message ?? "waiting"}`;
  running.stop.abort(new OperationStopped("Failed", message));
}

/** What an operation works for. */
function specOf({ spec }: Application): string {
  return canonicalJson([spec.source, spec.sources, spec.destination, spec.project] as unknown as JsonValue);
}

interface Requested {
  readonly look: Look;
  readonly deps: ApplicationDeps;
  readonly operation: Operation;
}

function requested(app: Application, state: AppState, { look, deps, operation }: Requested): void {
  const now = deps.adapters.clock.now();
  const resumed = resumeOf(operation, app.status?.operationState);
  const terminating = app.status?.operationState?.phase === "Terminating" && resumed !== undefined;
  if (look.context === undefined) {
    const reasons = look.conditions.map((condition) => condition.message).join("; ");
    state.finished = ended(operation, {
      now,
      startedAtMs: resumed?.startedAtMs ?? now,
      phase: terminating ? "Failed" : "Error",
      message: terminating ? operationMessages.terminated : reasons,
    });
    return;
  }
  start(look.context, state, {
    deps,
    operation,
    automated: operation.initiatedBy?.automated === true,
    recorded: resumed !== undefined,
    terminating,
    revision: operation.sync?.revision ?? look.desired?.revision ?? "",
  });
}

function ended(
  operation: Operation,
  at: {
    readonly now: number;
    readonly startedAtMs: number;
    readonly phase: "Failed" | "Error";
    readonly message: string;
  },
): FinishedOperation {
  const state = operationStateOf({ ...at, operation, retryCount: 0, finishedAtMs: at.now });
  return { operation, state, history: undefined, pruned: [] };
}

interface Start {
  readonly deps: ApplicationDeps;
  readonly operation: Operation;
  readonly automated: boolean;
  readonly recorded: boolean;
  /** It was told to stop before the controller restarted: what is left of it is to be ended. */
  readonly terminating: boolean;
  readonly revision: string;
}

function start(context: AppContext, state: AppState, { deps, operation, terminating, ...rest }: Start): void {
  const { clock } = deps.adapters;
  const resumed = resumeOf(operation, context.app.status?.operationState);
  const startedAtMs = resumed?.startedAtMs ?? clock.now();
  const retryCount = resumed?.retryCount ?? 0;
  const running: RunningOperation = {
    ...rest,
    spec: specOf(context.app),
    operation,
    startedAtMs,
    workingSinceMs: undefined,
    writtenAtMs: undefined,
    whenRecorded: Promise.withResolvers<void>(),
    told: undefined,
    waiting: true,
    progress: operationStateOf({
      operation,
      startedAtMs,
      phase: "Running",
      message: "waiting to start",
      retryCount,
      ...(resumed?.syncResult === undefined ? {} : { syncResult: resumed.syncResult }),
    }),
    stop: new AbortController(),
  };
  state.running = running;
  const work = () =>
    (terminating ? endOperation : runOperation)({
      context,
      state,
      running,
      deps: {
        ...deps,
        onProgress: () => deps.queue.addAfter(context.key, progressWriteMs),
        onTell: () => deps.queue.add(context.key),
      },
      signal: deps.signal,
      retryCount,
      applied: new Set(resumed?.applied),
      hooks: resumed?.hooks ?? [],
      earlier: resumed?.lines ?? [],
      resumed: resumed !== undefined,
      refresh: false,
    });
  const signal = AbortSignal.any([deps.signal, running.stop.signal]);
  const task: Promise<void> = recordedFirst(running, signal)
    .then(work)
    .then(
      (finished) => settle(state, finished, { context, deps }),
      (error: unknown) => settleError(error, { context, state, running, deps }),
    )
    .finally(() => {
      deps.tasks.delete(task);
      for (const part of ["operation", "plan"]) context.live.release(`${context.instance}#${part}`);
      deps.queue.add(context.key);
    });
  deps.tasks.add(task);
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

interface Failed {
  readonly context: AppContext;
  readonly state: AppState;
  readonly running: RunningOperation;
  readonly deps: ApplicationDeps;
}

function settleError(error: unknown, { context, state, running, deps }: Failed): void {
  state.running = undefined;
  // The controller is stopping: the operation stays in the Application and continues after the next start.
  if (deps.signal.aborted) return;
  // The next look has the new connection, on which it goes on as after a restart.
  if (isMooringError(error, "KUBE_CLOSED")) return;
  const { reason } = running.stop.signal as { readonly reason: unknown };
  const stopped = reason instanceof OperationStopped ? reason : undefined;
  if (stopped === undefined && !isAbortError(error)) {
    deps.log.error("operation ended by a bug", { app: context.key, error: messageOf(error) });
  }
  state.finished = ended(running.operation, {
    now: deps.adapters.clock.now(),
    startedAtMs: running.startedAtMs,
    phase: stopped === undefined ? "Error" : "Failed",
    message: stopped?.message ?? messageOf(error),
  });
}

function startAutomated(
  context: AppContext,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): readonly FoundCondition[] {
  const { desired } = look;
  if (desired === undefined) return [];
  const decision = decide(context, look, { state, nowMs: deps.adapters.clock.now() });
  state.healAtMs = undefined;
  // Which revision is the newest is not known now; what was deployed is still kept in step.
  if (decision.sync && decision.because === "new-revision" && look.stale) return [];
  if (!decision.sync) {
    if (decision.because === "backing-off") state.healAtMs = decision.retryAtMs;
    return "condition" in decision ? [{ type: decision.condition, message: decision.message }] : [];
  }
  start(context, state, {
    deps,
    operation: operationOf(decision, desired.revision, context),
    automated: true,
    recorded: false,
    terminating: false,
    revision: desired.revision,
  });
  return [];
}

/**
 * An automated application whose first sync was applied but not yet written down when the controller ended is in sync and has
 * no history: it is synced once more, which changes nothing and records what was deployed.
 */
function decide(
  context: AppContext,
  look: Look,
  { state, nowMs }: { readonly state: AppState; readonly nowMs: number },
): AutoSyncDecision {
  const { app, source } = context;
  // What was just pruned may still be there for a moment: that is no drift. What cannot be reached, no sync puts right.
  const compared = (look.compared ?? []).filter(
    (object) => !object.unreachable && (object.desired !== undefined || !state.pruned.has(object.key)),
  );
  const { desired } = look;
  const status = syncStatusOf(compared);
  const unrecorded = status === "Synced" && neverSynced(app) && compared.length > 0;
  return decideAutoSync({
    policy: app.spec.syncPolicy?.automated,
    syncStatus: unrecorded ? "OutOfSync" : status,
    operationRunning: false,
    deleting: app.metadata.deletionTimestamp !== undefined,
    lastOperation: lastOperationOf(app),
    desiredRevision: desired?.revision ?? "",
    sourceDigest: canonicalJson(source as JsonValue),
    outOfSync: compared
      .filter((object) => unrecorded || object.sync === "OutOfSync")
      .map((object) => ({ key: object.key, requiresPrune: object.desired === undefined })),
    empty: desired !== undefined && desired.objects.length === 0,
    nowMs,
  });
}

function neverSynced({ status }: Application): boolean {
  return (status?.history ?? []).length === 0 && status?.operationState === undefined;
}

function lastOperationOf(app: Application): LastOperation | undefined {
  const state = app.status?.operationState;
  if (state?.operation.sync === undefined || state.operation.sync.dryRun === true) return lastDeployment(app);
  return {
    phase: state.phase,
    revision: state.syncResult?.revision ?? state.operation.sync.revision ?? "",
    sourceDigest: canonicalJson((state.syncResult?.source ?? sourceOf(app) ?? null) as JsonValue),
    finishedAtMs: state.finishedAt === undefined ? undefined : Date.parse(state.finishedAt),
    autoHealAttempts: state.operation.sync.autoHealAttemptsCount ?? 0,
    message: state.message,
  };
}

/** A dry run in between must not make an automated application forget what it deployed. */
function lastDeployment(app: Application): LastOperation | undefined {
  const last = app.status?.history?.at(-1);
  if (last === undefined) return undefined;
  return {
    phase: "Succeeded",
    revision: last.revision ?? "",
    sourceDigest: canonicalJson((last.source ?? sourceOf(app) ?? null) as JsonValue),
    finishedAtMs: Date.parse(last.deployedAt),
    autoHealAttempts: 0,
  };
}

function operationOf(
  decision: Extract<AutoSyncDecision, { readonly sync: true }>,
  revision: string,
  { app }: AppContext,
): Operation {
  const { retry } = app.spec.syncPolicy ?? {};
  const selfHeal = decision.because === "self-heal";
  return {
    sync: {
      revision,
      ...(decision.prune ? { prune: true } : {}),
      ...(app.spec.syncPolicy?.syncOptions === undefined
        ? {}
        : { syncOptions: app.spec.syncPolicy.syncOptions }),
      ...(selfHeal
        ? {
            autoHealAttemptsCount: decision.attempt,
            resources: decision.resources.map((key) => {
              const { group, kind, namespace, name } = parseObjectKey(key);
              return { group, kind, name, ...(namespace === "" ? {} : { namespace }) };
            }),
          }
        : {}),
    },
    initiatedBy: { automated: true },
    retry: retry ?? { limit: 5 },
  };
}
