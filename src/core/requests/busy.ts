import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";

/** Whether an operation is asked for or running. */
export function isOperationRunning(app: Application): boolean {
  return app.operation !== undefined || isInProgress(app);
}

function isInProgress(app: Application): boolean {
  const phase = app.status?.operationState?.phase;
  return phase === "Running" || phase === "Terminating";
}

/**
 * Refuses an operation for an application that has one, or is being deleted. `remedy` is what somebody may do about the one that is there,
 * in the words of where they ask. Throws APP_OPERATION_RUNNING.
 */
export function refuseWhenBusy(app: Application, remedy: string): void {
  const subject = formatAppKey(appKeyOf(app));
  if (app.metadata.deletionTimestamp !== undefined) {
    throw new MooringError(
      "APP_OPERATION_RUNNING",
      `${subject}: it is being deleted; create it anew to deploy it`,
    );
  }
  if (!isOperationRunning(app)) return;
  // What an operation before it ended with says nothing of the one that waits.
  const message = isInProgress(app) ? (app.status?.operationState?.message ?? "") : "";
  const doing = message === "" ? "" : ` (${message})`;
  throw new MooringError(
    "APP_OPERATION_RUNNING",
    `${subject}: another operation is already in progress${doing}; ${remedy}`,
  );
}
