import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { defaultProject } from "#core/project/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Caller } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { AppProject as ProjectMessage } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";

export type ProjectShape = ShapeOf<ProjectMessage>;

/** A project as the hub has it. Whether it exists is told only to who may do the action on it. Throws API_FORBIDDEN and APP_NOT_FOUND. */
export function findProject(
  { hub }: Pick<ApiContext, "hub">,
  name: string,
  { caller, action }: { readonly caller: Caller; readonly action: string },
): KubeObject {
  caller.require({ resource: "projects", action, object: name });
  return projectOrDefault({ hub }, name);
}

/** A project as the hub has it, whoever asks. Throws APP_NOT_FOUND. */
export function projectOrDefault({ hub }: Pick<ApiContext, "hub">, name: string): KubeObject {
  const found = hub.projects.get(`${hub.namespace}/${name}`);
  if (found !== undefined) return found;
  if (name === "default") return defaultProject(hub.namespace);
  throw new MooringError("APP_NOT_FOUND", `AppProject/${name}: does not exist; see the list of projects`);
}

export function projectRef({ hub }: Pick<ApiContext, "hub">, name: string): ObjectRef {
  return { type: hubTypes.project, namespace: hub.namespace, name };
}

/** A project as clients are shown it: without the record of who owns which field. */
export function presentProject(project: KubeObject): ProjectShape {
  const { managedFields: _owners, ...metadata } = project.metadata;
  return { ...project, metadata } as ProjectShape;
}
