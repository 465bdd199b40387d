import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, parseApplication, validateApplicationSpec } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { resolveReferences } from "#core/hub/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewObject } from "#core/object/index.ts";
import { deletionPatch } from "#core/requests/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import { repeatOnConflict } from "#runtime/repeat-on-conflict.ts";
import type { JsonPatchOperation } from "#ports/cluster.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import { patchTo } from "../patch-to.ts";
import type {
  ApplicationCreateRequest,
  ApplicationDeleteRequest,
  ApplicationPatchRequest,
  ApplicationResponse,
  ApplicationUpdateRequest,
  ApplicationUpdateSpecRequest,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ApplicationSpec } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import {
  applicationRef,
  findApplication,
  isManaged,
  policyName,
  requireOnApplication,
} from "./find-application.ts";
import type { ApplicationShape } from "./present-application.ts";
import { presentApplication } from "./present-application.ts";
import { parsePatch } from "./parse-patch.ts";
import { refuseReading } from "./refuse-reading.ts";
import { deletedMeanwhile } from "./start-operation.ts";

/** Creates an Application. One that exists with the same spec is no error; one with another needs `upsert`. */
export async function create(
  context: ApiContext,
  request: ShapeOf<ApplicationCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<ApplicationShape> {
  const app = requireCreatable(context, request.application, caller);
  const { cluster } = context.hub;
  const options = { ...creating, signal };
  return repeatOnConflict(async () => {
    const existing = await cluster.read(applicationRef(app), signal);
    if (existing === undefined) {
      const created = await cluster.create(hubTypes.application, app, options);
      context.hub.applications.observe(created);
      return presentApplication(created);
    }
    if (jsonEqual(viewObject(existing, "spec"), app.spec as JsonObject)) return presentApplication(existing);
    if (request.upsert !== true) {
      throw new MooringError(
        "APP_EXISTS",
        `${formatAppKey(appKeyOf(app))}: exists with another spec; use upsert to change it`,
      );
    }
    return change(context, existing, { caller, signal, wanted: () => app });
  });
}

const creating = { fieldManager: apiFieldManager, fieldValidation: "Strict" } as const;

/**
 * The Application as the hub would take it, which does not exist yet; nothing is written. Throws API_FORBIDDEN, APP_EXISTS, and what else
 * stands against creating it.
 */
export async function tryCreating(
  context: ApiContext,
  given: ApplicationShape | undefined,
  { caller, signal }: ApiCall,
): Promise<Application> {
  const app = requireCreatable(context, given, caller);
  const { cluster } = context.hub;
  if ((await cluster.read(applicationRef(app), signal)) !== undefined) {
    throw new MooringError(
      "APP_EXISTS",
      `${formatAppKey(appKeyOf(app))}: exists already; give the new one another name, or ask for the plan of the one that exists`,
    );
  }
  await cluster.create(hubTypes.application, app, { ...creating, dryRun: true, signal });
  return app;
}

/** An Application that somebody may create as it is given. Throws API_FORBIDDEN, API_INVALID_ARGUMENT and APP_INVALID. */
function requireCreatable(
  context: ApiContext,
  given: ApplicationShape | undefined,
  caller: Caller,
): Application {
  const app = requested(context, given);
  caller.require({ resource: "applications", action: "create", object: policyName(app, context) });
  validate(context, app);
  return app;
}

/**
 * An Application as a client gives it, where it belongs. Its operation is left out: to create or change one does not permit to sync it,
 * nor to override its manifests. Throws API_INVALID_ARGUMENT and APP_INVALID.
 */
function requested(context: ApiContext, given: ApplicationShape | undefined): Application {
  const object = given as JsonObject | undefined;
  const metadata = viewObject(object, "metadata");
  const namespace = metadata["namespace"];
  const within = typeof namespace === "string" && namespace !== "" ? namespace : context.hub.namespace;
  if (!isManaged(context, within)) {
    throw new MooringError(
      "APP_INVALID",
      `Application/${within}/${JSON.stringify(metadata["name"] ?? "")}: namespace ${within} is not among those whose applications are managed here; use ${context.hub.namespace}, or add it to --application-namespaces`,
    );
  }
  const { name, labels, annotations, finalizers } = metadata;
  const spec = viewObject(object, "spec");
  const project = spec["project"];
  return parseApplication({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { ...withoutUndefined({ name, labels, annotations, finalizers }), namespace: within },
    spec: { ...spec, project: project === undefined || project === "" ? "default" : project },
  } as unknown as KubeObject);
}

function withoutUndefined(fields: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Throws APP_INVALID that lists everything which is wrong with a spec or which its project forbids. */
function validate(context: ApiContext, app: Application, checksSpec = true): void {
  const { hub } = context;
  const problems = checksSpec ? validateApplicationSpec(app).map(({ message }) => message) : [];
  const resolved = resolveReferences(app, {
    config: context.config(),
    namespace: hub.namespace,
    findProject: (name) => hub.projects.get(`${hub.namespace}/${name}`),
    compilePattern,
  });
  const all = [...new Set([...problems, ...(resolved.ok ? [] : resolved.problems)])];
  if (all.length > 0) throw new MooringError("APP_INVALID", all.join("\n"));
}

interface Change {
  readonly caller: Caller;
  /** The Application as it shall be; of its metadata only labels, annotations and finalizers count. */
  readonly wanted: (app: KubeObject) => Application;
  /** Whether the spec itself is checked; what its project forbids always is. */
  readonly validates?: boolean;
  readonly signal: AbortSignal;
}

/** Changes an Application for somebody who may update it where it is and where it goes. */
async function change(
  context: ApiContext,
  found: KubeObject,
  { caller, wanted, validates = true, signal }: Change,
): Promise<ApplicationShape> {
  const changed = await patchObject(context.hub.cluster, applicationRef(found), {
    decide: (object) => {
      const app = wanted(object);
      requireOnApplication(context, object, { caller, action: "update" });
      caller.require({ resource: "applications", action: "update", object: policyName(app, context) });
      if (policyName(object, context) !== policyName(app, context)) {
        caller.require({ resource: "applications", action: "create", object: policyName(app, context) });
      }
      validate(context, app, validates);
      return patchTo(object, app);
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined) throw deletedMeanwhile(found);
  context.hub.applications.observe(changed);
  return presentApplication(changed);
}

/** Replaces labels, annotations, finalizers and spec. */
export async function update(
  context: ApiContext,
  { application, project = "", validate: validates = true }: ShapeOf<ApplicationUpdateRequest>,
  { caller, signal }: ApiCall,
): Promise<ApplicationShape> {
  const app = requested(context, application);
  const { name, namespace = "" } = app.metadata;
  const found = findApplication(
    context,
    { name, appNamespace: namespace, project },
    { caller, action: "update" },
  );
  return change(context, found, { caller, signal, validates, wanted: () => app });
}

/** Replaces the spec. */
export async function updateSpec(
  context: ApiContext,
  request: ShapeOf<ApplicationUpdateSpecRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationSpec>> {
  const found = findApplication(context, request, { caller, action: "update" });
  const changed = await change(context, found, {
    caller,
    signal,
    validates: request.validate ?? true,
    wanted: (object) => requested(context, { ...object, spec: request.spec } as ApplicationShape),
  });
  return changed.spec ?? {};
}

/** Changes an Application by a merge patch (RFC 7386) or a JSON patch (RFC 6902). */
export async function patch(
  context: ApiContext,
  request: ShapeOf<ApplicationPatchRequest>,
  { caller, signal }: ApiCall,
): Promise<ApplicationShape> {
  const found = findApplication(context, request, { caller, action: "update" });
  const { patchType = "", patch: text = "" } = request;
  const given = parsePatch(text, "ApplicationPatchRequest.patch");
  return repeatOnConflict(async () => {
    const after = await patched(context, found, { given, patchType, signal });
    const wanted = ({ metadata }: KubeObject): Application => {
      if (metadata.resourceVersion !== after.metadata.resourceVersion) throw changedMeanwhile(found);
      return requested(context, after as ApplicationShape);
    };
    return change(context, found, { caller, signal, wanted });
  });
}

interface Patch {
  readonly given: JsonValue;
  readonly patchType: string;
  readonly signal: AbortSignal;
}

/** What a patch would make of an Application; nothing is written. */
async function patched(
  { hub: { cluster } }: ApiContext,
  found: KubeObject,
  { given, patchType, signal }: Patch,
): Promise<KubeObject> {
  const dryRun = { fieldManager: apiFieldManager, dryRun: true, signal } as const;
  const ref = applicationRef(found);
  if (patchType === "json") {
    if (!Array.isArray(given)) throw noPatch("a JSON patch is a list of operations");
    refuseReading(given, { isShown: (pointer) => /^\/(?:metadata|spec)(?:\/|$)/u.test(pointer) });
    return cluster.jsonPatch(ref, given as unknown as readonly JsonPatchOperation[], dryRun);
  }
  if (patchType !== "merge" && patchType !== "")
    throw noPatch(`patchType is ${patchType}; it must be json or merge`);
  if (!isJsonObject(given)) throw noPatch("a merge patch is an object");
  return cluster.mergePatch(ref, given, dryRun);
}

function changedMeanwhile(app: KubeObject): MooringError {
  return new MooringError(
    "KUBE_CONFLICT",
    `${formatAppKey(appKeyOf(app))}: was changed meanwhile; try again`,
  );
}

function noPatch(problem: string): MooringError {
  return new MooringError("API_INVALID_ARGUMENT", `ApplicationPatchRequest: ${problem}; correct it`);
}

/** Deletes an Application, with what it manages unless `cascade` is false. */
export async function remove(
  context: ApiContext,
  request: ShapeOf<ApplicationDeleteRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationResponse>> {
  const found = findApplication(context, request, { caller, action: "delete" });
  const { cascade = true, propagationPolicy = "" } = request;
  if (!["", "foreground", "background"].includes(propagationPolicy)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `ApplicationDeleteRequest.propagationPolicy: is ${JSON.stringify(propagationPolicy)}; it must be foreground or background`,
    );
  }
  const ref = applicationRef(found);
  const propagation = propagationPolicy === "background" ? "background" : "foreground";
  const marked = await patchObject(context.hub.cluster, ref, {
    decide: (object) => {
      caller.require({ resource: "applications", action: "delete", object: policyName(object, context) });
      return deletionPatch(object, { cascade, propagation });
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (marked === undefined) throw deletedMeanwhile(found);
  const { uid = "" } = marked.metadata;
  await context.hub.cluster.remove(ref, { propagation: "Foreground", uid, signal });
  return {};
}
