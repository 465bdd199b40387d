import type { JsonArray, JsonObject } from "#core/object/index.ts";
import { viewArray, viewObject } from "#core/object/index.ts";
import type { ApiClient } from "#api/contract/api-client.ts";
import type { Application, Operation } from "#core/app/index.ts";
import { sourcesOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { RequestOperation } from "../start-operation.ts";

type SyncRequest = Parameters<ApiClient["ask"]["application"]["sync"]>[0];

/** The sync of an operation that was made here, asked of a server. */
export const requestSync: RequestOperation = async (api, { app, operation, signal }) =>
  await api.ask.application.sync(syncRequestOf(app, operation), signal);

/** The request that asks for an operation that was made here. */
export function syncRequestOf(app: Application, operation: Operation): SyncRequest {
  const { namespace = "", name } = app.metadata;
  const made = operation as JsonObject;
  const sync = viewObject(made, "sync");
  if ("source" in sync || "sources" in sync) {
    throw new MooringError(
      "INTERNAL",
      `Application/${namespace}/${name}: an operation with sources of its own was asked of a server as a sync`,
    );
  }
  const { revision, revisions, prune, dryRun, syncStrategy, resources, manifests } = sync;
  const options = viewArray(sync, "syncOptions");
  const several = Array.isArray(revisions) ? revisions : [];
  return {
    name,
    appNamespace: namespace,
    project: app.spec.project,
    revision,
    ...(several.length === 0
      ? {}
      : { revisions: several, sourcePositions: sourcesOf(app).map((_, index) => index + 1) }),
    prune,
    dryRun,
    strategy: syncStrategy,
    resources,
    manifests,
    infos: made["info"],
    retryStrategy: made["retry"],
    ...(options.length === 0 ? {} : { syncOptions: { items: options as JsonArray } }),
  } as SyncRequest;
}
