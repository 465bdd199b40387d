import type { Application, FoundCondition, Operation } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import { formatRevisions, joinRevisions, operationRevisionsOf, operationSourcesOf } from "#core/app/index.ts";
import { operationMessages } from "#core/sync/index.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import { resumeOf } from "./operation-state.ts";
import { OperationStopped } from "./operation-stopped.ts";
import { startAutomated } from "./start-automated.ts";
import { endedOperation, specOf, startOperation } from "./start-operation.ts";
import type { AppState, RunningOperation } from "./state.ts";

/** Starts, continues or stops the application's operation; what the user must know of that comes back as conditions. */
export function steerOperation(
  app: Application,
  state: AppState,
  { look, deps }: { readonly look: Look; readonly deps: ApplicationDeps },
): readonly FoundCondition[] {
  if (state.finished !== undefined) return [];
  if (state.running !== undefined) {
    const stopped = reasonToStop(app, state.running, look);
    if (stopped === undefined) return [];
    state.running.stop.abort(stopped);
    if (state.running.recorded) return [];
    // It never had its turn, and nobody was told of it: what is to be done is decided anew.
    state.running = undefined;
  }
  const operation = app.operation ?? abandonedBy(app);
  if (operation !== undefined) {
    requested(app, state, { look, deps, operation });
    return [];
  }
  if (look.context === undefined || look.compared === undefined || look.desired === undefined) return [];
  if (look.outdated) return [];
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
  const newer = look.desired?.revision;
  if (!running.automated || look.stale || newer === undefined || newer === running.revision) return undefined;
  const during = running.progress.message ?? "waiting";
  return new OperationStopped(
    "Failed",
    `superseded by revision ${formatRevisions(look.desired?.revisions ?? [])}, while it was ${during}`,
  );
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
  startOperation(look.context, state, {
    deps,
    operation,
    automated: operation.initiatedBy?.automated === true,
    recorded: resumed !== undefined,
    terminating,
    revision: askedRevision(app, operation) ?? look.desired?.revision ?? "",
  });
}

/** What an operation names itself; undefined when it wants the newest. */
function askedRevision(app: Application, operation: Operation): string | undefined {
  const { revision, revisions } = operation.sync ?? {};
  if (revision === undefined && revisions === undefined) return undefined;
  return joinRevisions(operationRevisionsOf(operation, operationSourcesOf(app, operation).length));
}
