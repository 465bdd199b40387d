import type { Application, Operation } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { refuseWhenBusy } from "#core/requests/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ApiClient } from "#api/contract/api-client.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import { patchObject, readApplication } from "./hub.ts";
import { asObject } from "./server/as-object.ts";
import { needsCluster } from "./server/needs-cluster.ts";
import { requestSync } from "./server/request-sync.ts";

interface OperationStart {
  readonly operationOf: (app: Application) => Operation;
  /** Annotations that are written with it. */
  readonly annotationsOf?: AnnotationsOf | undefined;
  /** How a server is asked for it; as a sync where nothing else is said. */
  readonly request?: RequestOperation | undefined;
  readonly signal: AbortSignal;
}

/** What an operation is asked of a server with; resolves to the Application as the server then has it. */
export type RequestOperation = (api: ApiClient, start: RequestedStart) => Promise<unknown>;

interface RequestedStart {
  readonly app: Application;
  readonly operation: Operation;
  readonly signal: AbortSignal;
}

export type AnnotationsOf = (app: Application) => Readonly<Record<string, string>> | undefined;

/**
 * Asks the controller for an operation, unless one is running. `operationOf` decides on the Application as it is now and may
 * throw. Throws APP_OPERATION_RUNNING.
 */
export async function startOperation(hub: CliHub, ref: ObjectRef, start: OperationStart): Promise<Operation> {
  if (hub.api !== undefined) return startOverServer(hub, ref, { ...start, api: hub.api });
  const { operationOf, annotationsOf, signal } = start;
  let started: Operation | undefined;
  await patchObject(hub, ref, {
    signal,
    decide: (object) => {
      const app = parseApplication(object);
      const { name } = app.metadata;
      refuseWhenBusy(app, busyHint(name));
      started = operationOf(app);
      const annotations = annotationsOf?.(app);
      const metadata = annotations === undefined ? {} : { metadata: { annotations } };
      return { ...metadata, operation: started as JsonObject };
    },
  });
  if (started === undefined)
    throw new MooringError("INTERNAL", "operation: it was written without being decided");
  return started;
}

function busyHint(name: string): string {
  return `wait with: mooring app wait ${name} --operation, or stop it with: mooring app terminate-op ${name}`;
}

/** The server makes the operation itself, in the name of whoever asks: what it made is what is waited for. */
async function startOverServer(
  hub: CliHub,
  ref: ObjectRef,
  {
    api,
    operationOf,
    annotationsOf,
    request = requestSync,
    signal,
  }: OperationStart & { readonly api: ApiClient },
): Promise<Operation> {
  if (annotationsOf !== undefined) throw needsCluster(api.address, "approvals together with an operation");
  const app = await readApplication(hub, ref, signal);
  refuseWhenBusy(app, busyHint(app.metadata.name));
  const answer = await request(api, { app, operation: operationOf(app), signal });
  const { operation } = parseApplication(asObject(hubTypes.application, answer));
  if (operation !== undefined) return operation;
  throw new MooringError(
    "API_FAILED",
    `server ${api.address}: took the operation and does not have it; see: mooring app get ${ref.name}`,
  );
}
