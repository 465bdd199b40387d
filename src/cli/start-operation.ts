import type { Application, Operation } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, parseApplication } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import { patchObject } from "./hub.ts";
import { isOperationRunning } from "./view/operation.ts";

/**
 * Asks the controller for an operation, unless one is running. `operationOf` decides on the Application as it is now and may
 * throw. Throws APP_OPERATION_RUNNING.
 */
export async function startOperation(
  hub: CliHub,
  ref: ObjectRef,
  {
    operationOf,
    signal,
  }: { readonly operationOf: (app: Application) => Operation; readonly signal: AbortSignal },
): Promise<Operation> {
  let started: Operation | undefined;
  await patchObject(hub, ref, {
    signal,
    decide: (object) => {
      const app = parseApplication(object);
      refuseWhenBusy(app);
      started = operationOf(app);
      return { operation: started as JsonObject };
    },
  });
  if (started === undefined)
    throw new MooringError("INTERNAL", "operation: it was written without being decided");
  return started;
}

function refuseWhenBusy(app: Application): void {
  const subject = formatAppKey(appKeyOf(app));
  if (app.metadata.deletionTimestamp !== undefined) {
    throw new MooringError(
      "APP_OPERATION_RUNNING",
      `${subject}: it is being deleted; create it anew to deploy it`,
    );
  }
  if (!isOperationRunning(app)) return;
  const { name } = app.metadata;
  const message = app.status?.operationState?.message;
  const doing = message === undefined || app.operation === undefined ? "" : ` (${message})`;
  throw new MooringError(
    "APP_OPERATION_RUNNING",
    `${subject}: another operation is already in progress${doing}; wait with: mooring app wait ${name} --operation, or stop it with: mooring app terminate-op ${name}`,
  );
}
