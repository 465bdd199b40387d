import type { Application, Operation } from "#core/app/index.ts";
import {
  appKeyOf,
  formatAppKey,
  hasSources,
  isAutomated,
  parseApplication,
  sourcesOf,
  validateOperation,
} from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { otherRevision, refuseWhenBusy, rollbackOperation, terminationPatch } from "#core/requests/index.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type {
  ApplicationRollbackRequest,
  ApplicationSyncRequest,
  OperationTerminateRequest,
  OperationTerminateResponse,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { applicationRef, findApplication, policyName } from "./find-application.ts";
import { revisionsOf } from "./manifests.ts";
import type { ApplicationShape } from "./present-application.ts";
import { refuseMaskedText } from "./refuse-masked.ts";
import { presentApplication } from "./present-application.ts";

/** Starts a sync. Manifests of the client's own need the permission to override, and so does another revision than the target where the settings say so. */
export async function sync(
  context: ApiContext,
  request: ShapeOf<ApplicationSyncRequest>,
  { caller, signal }: ApiCall,
): Promise<ApplicationShape> {
  const found = findApplication(context, request, { caller, action: "sync" });
  const object = policyName(found, context);
  if (isOverridden(context, found as Application, request)) {
    caller.require({ resource: "applications", action: "override", object });
  }
  if ((request.manifests ?? []).length > 0) {
    caller.require({ resource: "applications", action: "override", object });
    if (isAutomated(found as Application) && request.dryRun !== true) {
      throw new MooringError(
        "SYNC_REFUSED",
        `${formatAppKey(appKeyOf(found))}: manifests of your own cannot be synced while auto-sync is on, which would undo it; turn it off first`,
      );
    }
  }
  for (const [i, text] of (request.manifests ?? []).entries()) refuseMaskedText(`manifests[${i}]`, text);
  return start(context, found, {
    signal,
    operationOf: (app) => syncOperation(app, request, caller.username),
  });
}

/** Whether another revision than the target is asked for, where that takes the permission to override. */
function isOverridden(
  { hub }: ApiContext,
  app: Application,
  request: ShapeOf<ApplicationSyncRequest>,
): boolean {
  const setting = "application.sync.requireOverridePrivilegeForRevisionSync";
  if (viewString(hub.configMaps.get(`${hub.namespace}/argocd-cm`), "data", setting) !== "true") return false;
  return otherRevision(app, revisionsOf(app, request)) >= 0;
}

/** The operation that a request for a sync asks for. Throws SYNC_REFUSED for what automation would undo. */
export function syncOperation(
  app: Application,
  request: ShapeOf<ApplicationSyncRequest>,
  username: string,
): Operation {
  const revisions = revisionsOf(app, request);
  refuseOtherRevision(app, revisions, request.dryRun === true);
  const retry = request.retryStrategy ?? app.spec.syncPolicy?.retry;
  const syncOptions = request.syncOptions?.items ?? app.spec.syncPolicy?.syncOptions ?? [];
  const { resources = [], manifests = [], infos = [], strategy, prune, dryRun } = request;
  return {
    sync: {
      ...(hasSources(app) ? { revisions } : revisions[0] === "" ? {} : { revision: revisions[0] ?? "" }),
      ...(prune === true ? { prune } : {}),
      ...(dryRun === true ? { dryRun } : {}),
      ...(strategy === undefined ? {} : { syncStrategy: strategy as JsonObject }),
      ...(resources.length === 0 ? {} : { resources: resources as readonly JsonObject[] }),
      ...(manifests.length === 0 ? {} : { manifests }),
      ...(syncOptions.length === 0 ? {} : { syncOptions }),
    },
    initiatedBy: { username },
    ...(infos.length === 0 ? {} : { info: infos as readonly JsonObject[] }),
    ...(retry === undefined ? {} : { retry: retry as JsonObject }),
  } as Operation;
}

/** An automated Application would go back to its target revision at once. */
function refuseOtherRevision(app: Application, revisions: readonly string[], isDryRun: boolean): void {
  if (isDryRun || !isAutomated(app)) return;
  const at = otherRevision(app, revisions);
  if (at < 0) return;
  const target = sourcesOf(app)[at]?.targetRevision ?? "";
  throw new MooringError(
    "SYNC_REFUSED",
    `${formatAppKey(appKeyOf(app))}: cannot sync to ${revisions[at] ?? ""}: auto-sync currently set to ${target === "" ? "HEAD" : target}; change the target revision, or turn auto-sync off first`,
  );
}

/** Syncs what an entry of the history deployed. */
export async function rollback(
  context: ApiContext,
  request: ShapeOf<ApplicationRollbackRequest>,
  { caller, signal }: ApiCall,
): Promise<ApplicationShape> {
  const found = findApplication(context, request, { caller, action: "rollback" });
  const { id, prune = false, dryRun = false } = request;
  return start(context, found, {
    signal,
    operationOf: (app) => {
      const operation = rollbackOperation(app, { id: id ?? 0, prune, username: caller.username });
      return dryRun ? { ...operation, sync: { ...operation.sync, dryRun } } : operation;
    },
  });
}

interface Start {
  readonly operationOf: (app: Application) => Operation;
  readonly signal: AbortSignal;
}

async function start(
  context: ApiContext,
  found: KubeObject,
  { operationOf, signal }: Start,
): Promise<ApplicationShape> {
  const changed = await patchObject(context.hub.cluster, applicationRef(found), {
    decide: (object) => {
      const app = parseApplication(object);
      refuseWhenBusy(app, "wait for it, or terminate it");
      const operation = operationOf(app);
      const [problem] = validateOperation(operation);
      if (problem !== undefined) throw new MooringError("API_INVALID_ARGUMENT", problem.message);
      return { operation: operation as JsonObject };
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined) throw deletedMeanwhile(found);
  context.hub.applications.observe(changed);
  return presentApplication(changed);
}

export function deletedMeanwhile(app: KubeObject): MooringError {
  return new MooringError("APP_NOT_FOUND", `${formatAppKey(appKeyOf(app))}: was deleted meanwhile`);
}

/** Ends the operation that is running, or takes back one that has not begun. */
export async function terminateOperation(
  context: ApiContext,
  request: ShapeOf<OperationTerminateRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<OperationTerminateResponse>> {
  const found = findApplication(context, request, { caller, action: "sync" });
  const changed = await patchObject(context.hub.cluster, applicationRef(found), {
    decide: (object) => terminationPatch(parseApplication(object)),
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined) throw deletedMeanwhile(found);
  context.hub.applications.observe(changed);
  return {};
}
