import type { Application, FoundCondition, Operation } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { formatRevisions, joinRevisions, operationRevisionsOf, operationSourcesOf } from "#core/app/index.ts";
import { waitsForDependencies } from "#core/dependencies/index.ts";
import { operationMessages, viewWait } from "#core/sync/index.ts";
import { isOperationApproved } from "./approval.ts";
import { missedItsDependencies, operationWait } from "./await-dependencies.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import { resumeOf } from "./operation-state.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { startAutomated } from "./start-automated.ts";
import { endedOperation, specOf, startOperation } from "./start-operation.ts";
import { deadlineOf } from "./review-rollback.ts";
import { isRollback } from "./rollback-operation.ts";
import type { AppState, RunningOperation } from "./state.ts";
import { awaitWindows, heldState, holdByWindows, missedItsWindow, refusal } from "./sync-windows.ts";

/** Starts, continues or stops the application's operation; what the user must know of that comes back as conditions. */
export function steerOperation(
  app: Application,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): readonly FoundCondition[] {
  state.windowsAtMs = undefined;
  state.unfrozenAtMs = undefined;
  state.waitingPlan = undefined;
  if (state.finished !== undefined) return [];
  if (state.running !== undefined) {
    if (isOperationApproved(state.running, app)) state.running.approved.resolve();
    const now = deps.adapters.clock.now();
    const { running } = state;
    const stopped =
      reasonToStop(app, running, look) ??
      reasonOfWindows(running, look, now) ??
      reasonOfDependencies(running, look, deps) ??
      reasonOfDeadline(app, running, now);
    if (stopped === undefined) {
      if (look.context !== undefined) heedWindows(look.context, state, now);
      return [];
    }
    state.running.stop.abort(stopped);
    if (state.running.recorded) return [];
    // It never had its turn, and nobody was told of it: what is to be done is decided anew.
    state.running = undefined;
  }
  const operation = app.operation ?? abandonedBy(app);
  if (operation === undefined) state.held = undefined;
  else {
    requested(app, state, { look, deps, operation });
    return [];
  }
  if (look.context === undefined || look.outdated) return [];
  return startAutomated(look.context, state, { look, deps });
}

function reasonToStop(app: Application, running: RunningOperation, look: Look): OperationStopped | undefined {
  if (app.status?.operationState?.phase === "Terminating" && running.recorded) {
    return new OperationStopped("Failed", operationMessages.terminated);
  }
  if (isTakenBack(app, running)) return new OperationStopped("Failed", operationMessages.terminated);
  if (!running.waiting) return undefined;
  if (running.spec !== specOf(app)) {
    return new OperationStopped(
      "Failed",
      "superseded: the application's source, destination or project changed",
    );
  }
  // It would be decided for again, and again given up for the newer revision: what somebody asks for begins, at least.
  if (app.operation !== undefined && !running.recorded) return undefined;
  const { revision: newer, revisions = [] } = (look.held ?? look).desired ?? {};
  if (!running.automated || look.stale || newer === undefined || newer === running.revision) return undefined;
  const during = viewWait(running.progress.message ?? "waiting");
  return new OperationStopped(
    "Failed",
    `superseded by revision ${formatRevisions(revisions)}, while it was ${during}`,
  );
}

/** A sync that would be rolled back if it failed does not wait for ever for what it deployed. */
function reasonOfDeadline(
  app: Application,
  running: RunningOperation,
  nowMs: number,
): OperationStopped | undefined {
  const deadlineMs = deadlineOf(app, running);
  if (deadlineMs === undefined || !running.waiting || nowMs < deadlineMs) return undefined;
  const during = viewWait(running.progress.message ?? "waiting");
  return new OperationStopped("Failed", `it took too long, and was still ${during}`, {
    blamesRevision: true,
  });
}

function reasonOfWindows(
  running: RunningOperation,
  { context }: Look,
  nowMs: number,
): OperationStopped | undefined {
  if (context === undefined || !missedItsWindow(running, context, nowMs)) return undefined;
  return new OperationStopped("Failed", "a sync window closed before it began");
}

function reasonOfDependencies(
  running: RunningOperation,
  look: Look,
  deps: ApplicationDeps,
): OperationStopped | undefined {
  // What was deployed before waits for nobody.
  if (isRollback(running.operation) || !missedItsDependencies(running, look, deps)) return undefined;
  return new OperationStopped("Failed", "what it depends on changed before it began");
}

function heedWindows(context: AppContext, state: AppState, nowMs: number): void {
  if (state.running?.recorded === true) holdByWindows(state.running, context, nowMs);
  awaitWindows(state, context.windows, nowMs);
}

/** True for an operation that nobody was told of yet, when the Application asks for another now, or for none any more. */
export function isTakenBack({ operation }: Application, running: RunningOperation): boolean {
  if (running.recorded) return false;
  if (operation === undefined) return !running.automated;
  return !jsonEqual(operation as JsonObject, running.operation as JsonObject);
}

/**
 * The operation that the status says is under way, though none is asked for: it was taken off the Application while no controller ran,
 * or was to be terminated when it had just ended. Nobody would ever end it.
 */
function abandonedBy({ status, operation }: Application): Operation | undefined {
  const state = operation === undefined ? status?.operationState : undefined;
  return state?.phase === "Running" || state?.phase === "Terminating" ? state.operation : undefined;
}

interface Requested {
  readonly look: Look;
  readonly deps: ApplicationDeps;
  readonly operation: Operation;
}

function requested(app: Application, state: AppState, { look, deps, operation }: Requested): void {
  const now = deps.adapters.clock.now();
  const resumed = resumeOf(operation, app.status?.operationState);
  const told = app.operation === undefined || app.status?.operationState?.phase === "Terminating";
  const terminating = told && resumed !== undefined;
  if (look.context === undefined) {
    const reasons = look.conditions.map((condition) => condition.message).join("; ");
    state.finished = endedOperation(operation, {
      now,
      startedAtMs: resumed?.startedAtMs ?? now,
      phase: terminating ? "Failed" : "Error",
      message: terminating ? operationMessages.terminated : reasons,
    });
    return;
  }
  const { context } = look;
  if (!terminating && isBlocked(context, state, { app, operation, look, deps, now })) return;
  state.held = undefined;
  startOperation(context, state, {
    deps,
    operation,
    automated: operation.initiatedBy?.automated === true,
    recorded: resumed !== undefined,
    terminating,
    revision: askedRevision(app, operation) ?? look.desired?.revision ?? "",
  });
  if (!terminating) awaitWindows(state, context.windows, now);
}

interface Asked extends Requested {
  readonly app: Application;
  readonly now: number;
}

/**
 * True while an operation may not begin, or not go on: the sync windows end one that has not begun and hold one that has; one whose
 * application depends on others is held before it begins.
 */
function isBlocked(
  context: AppContext,
  state: AppState,
  { app, operation, look, deps, now }: Asked,
): boolean {
  const known = resumeOf(operation, app.status?.operationState) !== undefined;
  const said = known ? (state.held ?? app.status?.operationState) : undefined;
  const begun = said !== undefined && !waitsForDependencies(said.message);
  if (begun) {
    state.held = heldState(operation, context, { said, nowMs: now });
    if (state.held !== undefined) awaitWindows(state, context.windows, now);
    return state.held !== undefined;
  }
  const message = refusal(operation, context, now);
  if (message === undefined) {
    state.held = operationWait(context, { operation, look, deps, said });
    if (state.held !== undefined) awaitWindows(state, context.windows, now);
    return state.held !== undefined;
  }
  state.finished = endedOperation(operation, { now, startedAtMs: now, phase: "Failed", message });
  return true;
}

/** What an operation names itself; undefined when it wants the newest. */
function askedRevision(app: Application, operation: Operation): string | undefined {
  const { revision, revisions } = operation.sync ?? {};
  if (revision === undefined && revisions === undefined) return undefined;
  return joinRevisions(operationRevisionsOf(operation, operationSourcesOf(app, operation).length));
}
