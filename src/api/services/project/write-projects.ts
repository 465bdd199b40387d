import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewObject, viewString } from "#core/object/index.ts";
import type { AppProject } from "#core/project/index.ts";
import { parseProject, validateProject } from "#core/project/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import { patchTo } from "../patch-to.ts";
import type {
  EmptyResponse,
  ProjectCreateRequest,
  ProjectQuery,
  ProjectUpdateRequest,
} from "../../contract/gen/argocd/project_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import type { ProjectShape } from "./find-project.ts";
import { findProject, presentProject, projectRef } from "./find-project.ts";
import { requireWider } from "./require-wider.ts";

/** Creates a project. One that exists with the same spec is no error; one with another needs `upsert`. */
export async function create(
  context: ApiContext,
  request: ShapeOf<ProjectCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<ProjectShape> {
  const project = requested(context, request.project);
  const { name } = project.metadata;
  caller.require({ resource: "projects", action: "create", object: name });
  const { cluster } = context.hub;
  const existing = await cluster.read(projectRef(context, name), signal);
  if (existing === undefined) {
    const options = { fieldManager: apiFieldManager, fieldValidation: "Strict", signal } as const;
    const created = await cluster.create(hubTypes.project, project, options);
    context.hub.projects.observe(created);
    return presentProject(created);
  }
  if (jsonEqual(viewObject(existing, "spec"), project.spec as JsonObject)) return presentProject(existing);
  if (request.upsert !== true) {
    throw new MooringError(
      "APP_EXISTS",
      `AppProject/${name}: exists with another spec; use upsert to change it`,
    );
  }
  return change(context, project, { caller, signal });
}

/** A project as a client gives it, where it belongs. Throws APP_INVALID that lists everything which is wrong with it. */
function requested({ hub }: ApiContext, given: ProjectShape | undefined): AppProject {
  const { metadata, spec } = (given ?? {}) as JsonObject;
  const { name, labels, annotations, finalizers, resourceVersion } = viewObject(
    { metadata: metadata ?? {} },
    "metadata",
  );
  const project = parseProject({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: JSON.parse(
      JSON.stringify({ name, labels, annotations, finalizers, resourceVersion, namespace: hub.namespace }),
    ) as KubeObject["metadata"],
    spec: spec ?? {},
  } as KubeObject);
  const problems = validateProject(project, compilePattern).map(({ message }) => message);
  if (problems.length > 0) throw new MooringError("APP_INVALID", problems.join("\n"));
  return project;
}

/** Replaces labels, annotations, finalizers and spec; with a `resourceVersion` only when nobody has changed the project since. */
export async function update(
  context: ApiContext,
  request: ShapeOf<ProjectUpdateRequest>,
  { caller, signal }: ApiCall,
): Promise<ProjectShape> {
  const project = requested(context, request.project);
  findProject(context, project.metadata.name, { caller, action: "update" });
  return change(context, project, { caller, signal });
}

async function change(
  context: ApiContext,
  wanted: AppProject,
  { caller, signal }: { readonly caller: Caller; readonly signal: AbortSignal },
): Promise<ProjectShape> {
  const { name, resourceVersion = "" } = wanted.metadata;
  caller.require({ resource: "projects", action: "update", object: name });
  const changed = await patchObject(context.hub.cluster, projectRef(context, name), {
    decide: (object) => {
      if (resourceVersion !== "" && resourceVersion !== object.metadata.resourceVersion) {
        throw new MooringError(
          "KUBE_CONFLICT",
          `AppProject/${name}: was changed meanwhile; read it again and repeat`,
        );
      }
      requireWider(parseProject(object), wanted, caller);
      return patchTo(object, wanted);
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined)
    throw new MooringError("APP_NOT_FOUND", `AppProject/${name}: was deleted meanwhile`);
  context.hub.projects.observe(changed);
  return presentProject(changed);
}

/** Deletes a project that no Application uses. */
export async function remove(
  context: ApiContext,
  { name = "" }: ShapeOf<ProjectQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<EmptyResponse>> {
  const { metadata } = findProject(context, name, { caller, action: "delete" });
  if (name === "default") {
    throw new MooringError("APP_INVALID", "AppProject/default: cannot be deleted; empty its lists instead");
  }
  const users = [...context.hub.applications.values()].filter(
    (app) => viewString(app, "spec", "project") === name,
  );
  if (users.length > 0) {
    throw new MooringError(
      "APP_INVALID",
      `AppProject/${name}: is used by ${users.length === 1 ? "an application" : `${users.length} applications`}; move or delete ${users.length === 1 ? "it" : "them"} first`,
    );
  }
  await context.hub.cluster.remove(projectRef(context, name), {
    propagation: "Foreground",
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    signal,
  });
  return {};
}
