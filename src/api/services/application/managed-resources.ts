import { appKeyOf } from "#core/app/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { ManagedObject } from "#ports/live-view.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ManagedResourcesResponse, ResourcesQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { ResourceDiff } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication } from "./find-application.ts";
import { maskObject } from "./mask-object.ts";

/** Every managed object as it should be, as it is and as it would be. */
export async function managedResources(
  context: ApiContext,
  query: ShapeOf<ResourcesQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ManagedResourcesResponse>> {
  const named = { ...query, name: query.applicationName ?? "" };
  const app = findApplication(context, named, { caller, action: "get" });
  const objects = await context.live.managed(appKeyOf(app), signal);
  const items = objects
    .map((object) => presentManaged(object, app, context))
    .filter((item) => isAskedFor(item, query));
  return { items };
}

/** Masked, as it may leave the server as part of an Application. */
export function presentManaged(
  object: ManagedObject,
  app: KubeObject,
  context: ApiContext,
): ShapeOf<ResourceDiff> {
  const { group, kind, namespace, name } = parseObjectKey(object.key);
  const { secretPaths, hook, sync } = object;
  const text = (one: KubeObject | undefined): string =>
    one === undefined ? "null" : maskObject(context, one, { app, secretPaths });
  return {
    group,
    kind,
    namespace,
    name,
    targetState: object.target === undefined ? "" : text(object.target),
    liveState: text(object.live),
    normalizedLiveState: text(object.normalizedLive),
    predictedLiveState: text(object.predicted),
    ...(hook ? { hook } : {}),
    ...(sync === "OutOfSync" ? { modified: true } : {}),
    resourceVersion: object.live?.metadata.resourceVersion ?? "",
  };
}

/** Empty fields of the query ask for any. */
function isAskedFor(item: ShapeOf<ResourceDiff>, query: ShapeOf<ResourcesQuery>): boolean {
  return (["group", "kind", "namespace", "name"] as const).every((field) => {
    const asked = query[field] ?? "";
    return asked === "" || asked === item[field];
  });
}
