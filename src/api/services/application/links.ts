import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isSecret } from "#core/redact/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  ApplicationResourceRequest,
  LinksResponse,
  ListAppLinksRequest,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { deepLinks, surroundingsOf } from "../deep-links.ts";
import { findApplication } from "./find-application.ts";
import { findObject } from "./find-object.ts";
import { maskedLive } from "./objects.ts";
import { presentApplication } from "./present-application.ts";

/** What `application.links` of argocd-cm defines for an Application. */
export function listLinks(
  context: ApiContext,
  { namespace = "", ...request }: ShapeOf<ListAppLinksRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<LinksResponse>> {
  const app = findApplication(context, { ...request, appNamespace: namespace }, { caller, action: "get" });
  return deepLinks(context, "application.links", { data: dataOf(context, app), signal });
}

/** What `resource.links` of argocd-cm defines for an object of an Application; nothing of what is hidden is in it. */
export async function listResourceLinks(
  context: ApiContext,
  request: ShapeOf<ApplicationResourceRequest>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<LinksResponse>> {
  const app = findApplication(context, request, { caller, action: "get" });
  const { object } = await findObject(context, app, { name: request, signal });
  const shown = JSON.parse(await maskedLive(context, app, { object, signal })) as JsonObject;
  const { data: _data, stringData: _texts, ...withoutValues } = shown;
  const resource = isSecret(object) ? withoutValues : shown;
  return deepLinks(context, "resource.links", { data: { ...dataOf(context, app), resource }, signal });
}

/** Templates may call an Application by either name. */
function dataOf(context: ApiContext, app: KubeObject): JsonObject {
  const shown = presentApplication(app) as JsonObject;
  return { app: shown, application: shown, ...surroundingsOf(context, app) };
}
