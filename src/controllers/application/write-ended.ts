import type { Application } from "#core/app/index.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import type { ApplicationDeps } from "./deps.ts";
import { approvalAnnotations } from "./approval-annotations.ts";
import { redactState } from "./operation-state.ts";
import type { AppState } from "./state.ts";
import { writeFitting } from "./write-status.ts";

/**
 * True for an operation that somebody terminated and that has ended: the Application says so before anything else is looked at. What
 * follows from a revision that failed is written together with that.
 */
export function hasEndedEarly({ status }: Application, { running, finished }: AppState): boolean {
  if (running !== undefined || finished === undefined || finished.blamesRevision) return false;
  return status?.operationState?.phase === "Terminating";
}

/** Writes how a terminated operation ended; all else about the application is for the next look to find. */
export async function writeEnded(
  app: Application,
  state: AppState,
  { deps, signal }: { readonly deps: ApplicationDeps; readonly signal: AbortSignal },
): Promise<Outcome> {
  const { finished } = state;
  if (finished === undefined) return { kind: "stalled" };
  const operationState = redactState(finished.state, deps.redact);
  await writeFitting(
    {
      app,
      status: { ...app.status, operationState },
      ended: finished.operation,
      annotations: approvalAnnotations(app, state, { running: undefined, deps }),
    },
    deps,
    signal,
  );
  if (state.finished === finished) state.finished = undefined;
  return { kind: "waiting", requeueAfterMs: 0 };
}
