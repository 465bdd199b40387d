import { sendJson } from "../answer/send-json.ts";
import { answerReview } from "../auth/reviews.ts";
import { parsePlainBody } from "../body/parse-body.ts";
import type { RequestContext, ResourceContext } from "../context.ts";
import { methodNotAllowed } from "../errors.ts";
import { headerOf } from "../exchange.ts";
import { bodyFormatOf } from "../negotiate/content-type.ts";
import { requireJson } from "../negotiate/accept.ts";
import { findTarget } from "./find-target.ts";
import { serveLog } from "./serve-log.ts";
import { serveGet, serveList, serveWatch } from "./serve-read.ts";
import { serveCreate, serveDelete, serveDeleteCollection, servePatch, serveUpdate } from "./serve-write.ts";
import { receiveBody } from "./receive-body.ts";

/** Everything below `/api/v1/…` and `/apis/<group>/<version>/…`. */
export async function serveResource(context: RequestContext): Promise<void> {
  if (await serveReview(context)) return;
  const { info, serving } = context;
  const resource: ResourceContext = { ...context, target: findTarget(serving.options.catalog(), info) };
  if (info.subresource === "log") return serveLog(resource);
  switch (info.verb) {
    case "get":
      return serveGet(resource);
    case "list":
      return serveList(resource);
    case "watch":
      return serveWatch(resource);
    case "create":
      return serveCreate(resource);
    case "update":
      return serveUpdate(resource);
    case "patch":
      return servePatch(resource);
    case "delete":
      return serveDelete(resource);
    case "deletecollection":
      return serveDeleteCollection(resource);
    default:
      throw methodNotAllowed();
  }
}

/** True when it was one. */
async function serveReview(context: RequestContext): Promise<boolean> {
  const { info, exchange, serving, user } = context;
  const { group, version, resource, namespace, parts } = info;
  const isReview = group === "authorization.k8s.io" || group === "authentication.k8s.io";
  if (!isReview || version !== "v1" || parts.length !== 1 || !resource.endsWith("reviews")) return false;
  if (info.verb !== "create") throw methodNotAllowed();
  requireJson(headerOf(exchange, "accept"));
  const format = bodyFormatOf(headerOf(exchange, "content-type"), false);
  const bytes = await receiveBody(context);
  const body = parsePlainBody(bytes, { format, maxDepth: serving.options.limits.maxDepth });
  const review = answerReview({ group, resource, namespace, user, body }, serving.options);
  if (review === undefined) return false;
  sendJson(exchange, { status: 201, value: review });
  return true;
}
