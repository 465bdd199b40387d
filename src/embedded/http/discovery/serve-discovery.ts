import type { JsonObject } from "#core/object/index.ts";
import { sendJson } from "../answer/send-json.ts";
import { sendParts, sendText } from "../answer/write.ts";
import type { RequestContext } from "../context.ts";
import { methodNotAllowed, unknownPath } from "../errors.ts";
import { type Exchange, headerOf } from "../exchange.ts";
import { acceptsType, conversionOf, parseAccept, requireJson } from "../negotiate/accept.ts";
import {
  type AggregatedVersion,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  type Discovery,
  discoveryOf,
  type TaggedDocument,
} from "./documents.ts";

/** `/api`, `/apis` and below, down to the lists of resources. */
export async function serveDiscovery(context: RequestContext): Promise<void> {
  const { exchange, info, serving } = context;
  if (exchange.method !== "GET" && exchange.method !== "HEAD") throw methodNotAllowed();
  const discovery = discoveryOf(serving.options.catalog());
  const version = aggregatedVersionOf(headerOf(exchange, "accept"));
  if (info.segments.length === 1 && version !== undefined) {
    const root = info.segments[0] === "api" ? "/api" : "/apis";
    return sendAggregated(exchange, discovery.aggregated(root, version), version);
  }
  requireJson(headerOf(exchange, "accept"));
  if (info.segments.length === 1) exchange.response.setHeader("vary", "Accept");
  sendJson(exchange, { status: 200, value: legacyDocument(discovery, context) });
}

function legacyDocument(discovery: Discovery, { info, serving }: RequestContext): JsonObject {
  const [root, ...rest] = info.segments;
  if (root === "api" && rest.length === 0) return apiVersions(serving.address);
  if (root === "apis" && rest.length === 0) return apiGroupList(discovery.groups());
  const [name = "", version] = root === "api" ? ["", ...rest] : rest;
  const group = discovery.groups().find((other) => other.group === name);
  if (group === undefined) throw unknownPath();
  if (version === undefined) return apiGroup(group);
  const served = group.versions.find((other) => other.version === version);
  if (served === undefined) throw unknownPath();
  return apiResourceList(group.group, served);
}

/** Undefined where the client rather has, or only knows, the older documents. */
export function aggregatedVersionOf(accept: string | undefined): AggregatedVersion | undefined {
  for (const clause of parseAccept(accept ?? "")) {
    if (!acceptsType(clause, "application", "json")) continue;
    const conversion = conversionOf(clause);
    if (conversion === undefined) return undefined;
    const { kind, group, version } = conversion;
    if (group !== "apidiscovery.k8s.io" || kind !== "APIGroupDiscoveryList") continue;
    if (version === "v2" || version === "v2beta1") return version;
  }
  return undefined;
}

function sendAggregated(
  exchange: Exchange,
  document: TaggedDocument,
  version: AggregatedVersion,
): Promise<void> {
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  exchange.response.setHeader("cache-control", "public");
  exchange.response.setHeader("vary", "Accept");
  return sendTagged(exchange, document, contentType);
}

/** With 304 for a client that has it already. */
export async function sendTagged(
  exchange: Exchange,
  { text, etag }: TaggedDocument,
  contentType: string,
): Promise<void> {
  exchange.response.setHeader("etag", etag);
  const has = (headerOf(exchange, "if-none-match") ?? "").split(",").map((tag) => tag.trim());
  if (has.includes(etag)) return sendText(exchange, { status: 304, contentType }, "");
  await sendParts(exchange, { status: 200, contentType }, [text]);
}
