import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { ApplicationResourceEventsQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { EventList } from "../../contract/gen/argocd/events_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { listEvents } from "../list-events.ts";
import { findApplication } from "./find-application.ts";
import { readTree } from "./resource-tree.ts";

/** Kubernetes' events of an Application, or of an object of its tree. Throws APP_NOT_FOUND for one that is not of it. */
export async function listResourceEvents(
  context: ApiContext,
  query: ShapeOf<ApplicationResourceEventsQuery>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<EventList>> {
  const app = findApplication(context, query, { caller, action: "get" });
  const { resourceName = "", resourceUID = "", resourceNamespace = "" } = query;
  if (resourceName === "" && resourceUID === "") {
    return listEvents(context.hub.cluster, app, signal);
  }
  const { nodes, orphans } = await readTree(context, app, signal);
  const found = [...nodes, ...orphans].find(
    ({ object: { metadata } }) =>
      (resourceUID === "" || metadata.uid === resourceUID) &&
      (resourceName === "" || metadata.name === resourceName) &&
      (resourceNamespace === "" || metadata.namespace === resourceNamespace),
  );
  if (found === undefined) {
    throw new MooringError(
      "APP_NOT_FOUND",
      `object ${resourceName === "" ? resourceUID : resourceName}: is not part of ${formatAppKey(appKeyOf(app))}; see its resource tree`,
    );
  }
  return listEvents(context.targets.targetOf(appKeyOf(app)).cluster, found.object, signal);
}
