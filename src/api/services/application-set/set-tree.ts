import type { KubeObject } from "#core/object/index.ts";
import { gvkOf, viewString } from "#core/object/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationSetTreeQuery } from "../../contract/gen/argocd/applicationset_pb.ts";
import type { ApplicationSetTree, ResourceRef } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { visibleTo } from "../application/read-applications.ts";
import { findSet } from "./find-set.ts";

/** The Applications that a set has made and that the caller may see, each below the set. */
export async function resourceTree(
  context: ApiContext,
  query: ShapeOf<ApplicationSetTreeQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ApplicationSetTree>> {
  const set = await findSet(context, query, { caller, action: "get", signal });
  const parentRefs = [refTo(set)];
  const isVisible = visibleTo(caller, context);
  const made = [...context.hub.applications.values()].filter((app) => isMadeBy(app, set) && isVisible(app));
  return {
    nodes: made
      .toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1))
      .map((app) => nodeOf(app, parentRefs)),
  };
}

function isMadeBy({ metadata }: KubeObject, set: KubeObject): boolean {
  if (metadata.namespace !== set.metadata.namespace) return false;
  return metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid) === true;
}

function nodeOf(app: KubeObject, parentRefs: readonly ShapeOf<ResourceRef>[]) {
  const { creationTimestamp, resourceVersion = "" } = app.metadata;
  const health = viewString(app, "status", "health", "status");
  const message = viewString(app, "status", "health", "message");
  return {
    ...refTo(app),
    parentRefs,
    resourceVersion,
    ...(creationTimestamp === undefined ? {} : { createdAt: creationTimestamp }),
    ...(health === undefined
      ? {}
      : { health: { status: health, ...(message === undefined ? {} : { message }) } }),
  };
}

function refTo(object: KubeObject): ShapeOf<ResourceRef> {
  const { group, version, kind } = gvkOf(object);
  const { namespace = "", name = "", uid = "" } = object.metadata;
  return { group, version, kind, namespace, name, uid };
}
