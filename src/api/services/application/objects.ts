import { appKeyOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { customAction, partAction } from "#core/rbac/index.ts";
import { isSecret } from "#core/redact/index.ts";
import { carryOutAction } from "#engine/carry-out-action.ts";
import { listActions, planAction } from "#engine/plan-action.ts";
import type { JsonPatchOperation } from "#ports/cluster.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type {
  ApplicationResourceDeleteRequest,
  ApplicationResourcePatchRequest,
  ApplicationResourceRequest,
  ApplicationResourceResponse,
  ApplicationResponse,
  ResourceActionRunRequestV2,
  ResourceActionsListResponse,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication, policyName } from "./find-application.ts";
import type { ObjectName } from "./find-object.ts";
import { findActedOn, findObject } from "./find-object.ts";
import { maskObject } from "./mask-object.ts";
import { isApplication } from "./present-application.ts";
import { parsePatch } from "./parse-patch.ts";
import { refuseMasked } from "./refuse-masked.ts";
import { refuseReading } from "./refuse-reading.ts";

/** One object of the tree as it is in the cluster. */
export async function getResource(
  context: ApiContext,
  request: ShapeOf<ApplicationResourceRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationResourceResponse>> {
  const app = findApplication(context, request, { caller, action: "get" });
  const { object } = await findObject(context, app, { name: request, signal });
  return { manifest: await maskedLive(context, app, { object, signal, showsOwners: true }) };
}

interface Shown {
  readonly object: KubeObject;
  /** With who owns which field, unless that could tell a hidden value. */
  readonly showsOwners?: boolean;
  readonly signal: AbortSignal;
}

/** A live object of an Application as text; what is encrypted in Git is masked in it, too. */
export async function maskedLive(
  context: ApiContext,
  app: KubeObject,
  { object, showsOwners = false, signal }: Shown,
): Promise<string> {
  if (isSecret(object)) return maskObject(context, object, { app });
  const managed = await context.live.managed(appKeyOf(app), signal);
  const found = managed.find(({ live }) => live?.metadata.uid === object.metadata.uid);
  return maskObject(context, object, { app, secretPaths: found?.secretPaths ?? [], showsOwners });
}

/** Whether the caller may do something with one object: by the right to do it with the application's objects, or with such ones. */
function requireOn(
  context: ApiContext,
  app: KubeObject,
  {
    caller,
    action,
    name: { group = "", kind = "", namespace = "", resourceName = "" },
  }: { readonly caller: Caller; readonly action: "update" | "delete"; readonly name: ObjectName },
): void {
  caller.require({
    resource: "applications",
    action: partAction(action, { group, kind, namespace, name: resourceName }),
    object: policyName(app, context),
  });
}

/** Changes one object of the tree in the cluster. */
export async function patchResource(
  context: ApiContext,
  request: ShapeOf<ApplicationResourcePatchRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationResourceResponse>> {
  const app = findApplication(context, request, { caller, action: "get" });
  requireOn(context, app, { caller, action: "update", name: request });
  const { cluster, ref, object: before } = await findObject(context, app, { name: request, signal });
  const { patch = "", patchType = "" } = request;
  const given = parsePatch(patch, "ApplicationResourcePatchRequest.patch");
  refuseMasked("ApplicationResourcePatchRequest.patch", given);
  const options = { fieldManager: apiFieldManager, signal };
  if (patchType === "application/json-patch+json" || patchType === "json") {
    if (!Array.isArray(given)) throw invalid("a JSON patch is a list of operations");
    if (hidesFields(before)) refuseReading(given, { isShown: () => false });
    const object = await cluster.jsonPatch(ref, given as unknown as readonly JsonPatchOperation[], options);
    return { manifest: await maskedLive(context, app, { object, signal }) };
  }
  if (!["application/merge-patch+json", "merge", ""].includes(patchType)) {
    throw invalid(
      `patchType is ${patchType}; use application/merge-patch+json or application/json-patch+json`,
    );
  }
  if (!isJsonObject(given)) throw invalid("a merge patch is an object");
  const object = await cluster.mergePatch(ref, given, options);
  return { manifest: await maskedLive(context, app, { object, signal }) };
}

/** Whether fields of an object are not shown to who may read it. */
function hidesFields(object: KubeObject): boolean {
  return isSecret(object) || isApplication(object);
}

function invalid(problem: string): MooringError {
  return new MooringError("API_INVALID_ARGUMENT", `ApplicationResourcePatchRequest: ${problem}`);
}

/** Deletes one object of the tree from the cluster. */
export async function deleteResource(
  context: ApiContext,
  request: ShapeOf<ApplicationResourceDeleteRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationResponse>> {
  const app = findApplication(context, request, { caller, action: "get" });
  requireOn(context, app, { caller, action: "delete", name: request });
  const { cluster, ref, object } = await findObject(context, app, { name: request, signal });
  const { orphan = false, force = false } = request;
  const { uid = "" } = object.metadata;
  await cluster.remove(ref, {
    propagation: orphan ? "Orphan" : force ? "Background" : "Foreground",
    ...(force ? { gracePeriodSeconds: 0 } : {}),
    uid,
    signal,
  });
  return {};
}

/** The actions that can be run on an object, those that the caller may run. */
export async function listResourceActions(
  context: ApiContext,
  request: ShapeOf<ApplicationResourceRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ResourceActionsListResponse>> {
  const app = findApplication(context, request, { caller, action: "get" });
  const { object } = await findActedOn(context, app, { name: request, signal });
  const actions = await listActions(object, actionsContext(context, signal));
  return {
    actions: actions.map(({ name, disabled, params }) => ({
      name,
      ...(disabled === true ? { disabled } : {}),
      ...(params.length === 0 ? {} : { params: params.map((one) => ({ name: one.name })) }),
    })),
  };
}

function actionsContext({ config, scripts }: ApiContext, signal: AbortSignal) {
  return { settings: config().settings, scripts, signal };
}

/** Runs an action on an object. */
export async function runResourceAction(
  context: ApiContext,
  request: ShapeOf<ResourceActionRunRequestV2>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationResponse>> {
  const app = findApplication(context, request, { caller, action: "get" });
  const { group = "", kind = "", action = "", resourceActionParameters = [] } = request;
  caller.require({
    resource: "applications",
    action: customAction({ group, kind }, action),
    object: policyName(app, context),
  });
  const { object, cluster } = await findActedOn(context, app, { name: request, signal });
  const parameters = Object.fromEntries(
    resourceActionParameters.map(({ name = "", value = "" }) => [name, value]),
  );
  const input = { parameters, now: formatTime(context.clock.now()) };
  const { references } = context.targets.targetOf(appKeyOf(app));
  const effects = await planAction(object, action, { ...actionsContext(context, signal), input });
  for (const effect of effects) await carryOutAction(effect, object, { cluster, references, signal });
  return {};
}
