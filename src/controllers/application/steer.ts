import type { Application, FoundCondition, Operation } from "#core/app/index.ts";
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
  if (app.operation !== undefined) {
    requested(app, state, { look, deps, operation: app.operation });
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
  if (!running.waiting) return undefined;
  if (running.spec !== specOf(app)) {
    return new OperationStopped(
      "Failed",
      "superseded: the application's source, destination or project changed",
    );
  }
  const newer = look.desired?.revision;
  if (!running.automated || look.stale || newer === undefined || newer === running.revision) return undefined;
  const during = running.progress.message ?? "waiting";
  return new OperationStopped(
    "Failed",
    `superseded by revision ${newer.slice(0, 7)}, while it was ${during}`,
  );
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
    revision: operation.sync?.revision ?? look.desired?.revision ?? "",
  });
}
