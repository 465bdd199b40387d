import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, mergePatchOf, viewObject, viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { patchObject } from "#engine/patch-object.ts";
import type { ApiCall, Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import { apiFieldManager } from "../../context.ts";
import type {
  ApplicationSetCreateRequest,
  ApplicationSetDeleteRequest,
  ApplicationSetResponse,
} from "../../contract/gen/argocd/applicationset_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { projectOrDefault } from "../project/find-project.ts";
import type { SetShape } from "./find-set.ts";
import { findSet, namespaceOf, presentSet, projectOfSet, setPolicyName, setRef } from "./find-set.ts";

/** Creates a set. One that exists with the same spec is no error; one with another needs `upsert`. */
export async function create(
  context: ApiContext,
  { applicationset, upsert = false, dryRun = false }: ShapeOf<ApplicationSetCreateRequest>,
  { caller, signal }: ApiCall,
): Promise<SetShape> {
  const set = requested(context, applicationset);
  requireProjects(context, set, { caller, action: "create" });
  projectOrDefault(context, projectOfSet(set));
  if (dryRun) {
    throw new MooringError(
      "API_UNIMPLEMENTED",
      "dryRun: what a set would generate is not told yet; create it without",
    );
  }
  const { cluster } = context.hub;
  const { namespace = "", name = "" } = set.metadata;
  const ref = setRef(namespace, name);
  const existing = await cluster.read(ref, signal);
  if (existing === undefined) {
    const options = { fieldManager: apiFieldManager, fieldValidation: "Strict", signal } as const;
    return presentSet(await cluster.create(hubTypes.applicationSet, set, options));
  }
  requireProjects(context, existing, { caller, action: "update" });
  requireProjects(context, set, { caller, action: "update" });
  if (jsonEqual(viewObject(existing, "spec"), viewObject(set, "spec"))) return presentSet(existing);
  if (!upsert) {
    throw new MooringError(
      "APP_EXISTS",
      `ApplicationSet/${namespace}/${name}: exists with another spec; use upsert to change it`,
    );
  }
  const changed = await patchObject(cluster, ref, {
    decide: (object) => {
      const spec = mergePatchOf(viewObject(object, "spec"), viewObject(set, "spec"));
      return spec === undefined ? undefined : { spec };
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed !== undefined) return presentSet(changed);
  throw new MooringError("APP_NOT_FOUND", `ApplicationSet/${namespace}/${name}: was deleted meanwhile`);
}

/** A set as a client gives it, where it belongs. Throws API_INVALID_ARGUMENT. */
function requested(context: ApiContext, given: SetShape | undefined): KubeObject {
  const metadata = viewObject(given as JsonObject | undefined, "metadata");
  const name = viewString(metadata, "name") ?? "";
  if (name === "") {
    throw new MooringError("API_INVALID_ARGUMENT", "applicationset.metadata.name: is missing; give a name");
  }
  const namespace = namespaceOf(context, viewString(metadata, "namespace") ?? "");
  const { labels, annotations, finalizers } = metadata;
  const set = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: JSON.parse(
      JSON.stringify({ name, namespace, labels, annotations, finalizers }),
    ) as KubeObject["metadata"],
    spec: viewObject(given as JsonObject | undefined, "spec"),
  } as KubeObject;
  if (projectOfSet(set) === "") {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `ApplicationSet/${namespace}/${name}: spec.template.spec.project is missing; name a project`,
    );
  }
  return set;
}

/**
 * A set makes applications in the project of its template, and in those that templates of its generators name. A template patch can name
 * any, so it needs the permission in every project. Throws API_FORBIDDEN, and API_INVALID_ARGUMENT for a project that is a placeholder.
 */
function requireProjects(
  context: ApiContext,
  set: KubeObject,
  { caller, action }: { readonly caller: Caller; readonly action: string },
): void {
  const { namespace = "", name = "" } = set.metadata;
  const generators = viewObject(set, "spec")["generators"];
  const patched = (viewString(set, "spec", "templatePatch") ?? "") === "" ? [] : ["*"];
  for (const project of [projectOfSet(set), ...projectsIn(generators), ...patched]) {
    if (project.includes("{{")) {
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `ApplicationSet/${namespace}/${name}: the project ${JSON.stringify(project)} is a placeholder, so nobody can tell who may; name one`,
      );
    }
    const object = setPolicyName(context, { project, namespace, name });
    caller.require({ resource: "applicationsets", action, object });
  }
}

/** Projects that templates inside of generators name. */
function projectsIn(value: JsonValue | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one: JsonValue) => projectsIn(one));
  if (!isJsonObject(value)) return [];
  const own = viewString(value, "template", "spec", "project") ?? "";
  return [...(own === "" ? [] : [own]), ...Object.values(value).flatMap((one) => projectsIn(one))];
}

/** Deletes a set; what becomes of its applications says its own policy. */
export async function remove(
  context: ApiContext,
  query: ShapeOf<ApplicationSetDeleteRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationSetResponse>> {
  const set = await findSet(context, query, { caller, action: "delete", signal });
  const { namespace = "", name = "", uid } = set.metadata;
  await context.hub.cluster.remove(setRef(namespace, name), {
    propagation: "Background",
    ...(uid === undefined ? {} : { uid }),
    signal,
  });
  return { project: projectOfSet(set), applicationset: presentSet(set) };
}
