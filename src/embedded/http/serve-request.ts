import { randomUUID } from "node:crypto";
import { ApiError } from "../api-error.ts";
import { sendFailure, sendJson } from "./answer/send-json.ts";
import { sendText } from "./answer/write.ts";
import { authenticate } from "./auth/authenticate.ts";
import { attributesOf, requireAccess } from "./auth/authorize.ts";
import { impersonate } from "./auth/impersonate.ts";
import { ClientGone } from "./body/read-body.ts";
import type { RequestContext, Serving } from "./context.ts";
import { serveDiscovery } from "./discovery/serve-discovery.ts";
import { serveOpenApi } from "./discovery/serve-open-api.ts";
import { internalError, methodNotAllowed, tooManyRequests, unknownPath } from "./errors.ts";
import { type AnyRequest, type AnyResponse, type Exchange, headerOf, openExchange } from "./exchange.ts";
import { readRequestInfo, type RequestInfo } from "./path/request-info.ts";
import { announceCut, releaseRest } from "./release-rest.ts";
import { serveResource } from "./resources/serve-resource.ts";

/** Answers one request, whatever happens; never rejects. */
export async function serveRequest(
  request: AnyRequest,
  response: AnyResponse,
  serving: Serving,
): Promise<void> {
  // A connection that breaks is told by `close`; without listeners its error would end the process.
  request.on("error", () => undefined);
  response.on("error", () => undefined);
  let exchange: Exchange | undefined;
  try {
    exchange = open(request, response, serving);
    setCommonHeaders(exchange);
    await serve(exchange, serving);
  } catch (error) {
    failSafely({ exchange: exchange ?? bareExchange(request, response, serving), error, serving });
  }
  releaseRest(request, response, serving.options.clock);
}

function open(request: AnyRequest, response: AnyResponse, { options }: Serving): Exchange {
  const { clock, limits } = options;
  return openExchange(request, response, { clock, ...limits });
}

/** For a request of which not even the URL could be read. */
function bareExchange(request: AnyRequest, response: AnyResponse, { options }: Serving): Exchange {
  const { clock, limits } = options;
  return {
    request,
    response,
    method: request.method ?? "GET",
    path: "/",
    query: new URLSearchParams(),
    clock,
    stallTimeoutMs: limits.stallTimeoutMs,
    warnings: [],
    isGone: () => false,
  };
}

function setCommonHeaders(exchange: Exchange): void {
  const asked = headerOf(exchange, "audit-id") ?? "";
  exchange.response.setHeader("audit-id", /^[\w.-]{1,64}$/.test(asked) ? asked : randomUUID());
  exchange.response.setHeader("cache-control", "no-cache, private");
}

async function serve(exchange: Exchange, serving: Serving): Promise<void> {
  const info = readRequestInfo(exchange.method, exchange.path, exchange.query);
  if (isHealth(info)) return serveHealth(exchange);
  const { limits } = serving.options;
  const isLong = info.verb === "watch" || (info.subresource === "log" && exchange.query.has("follow"));
  const [count, max] = isLong
    ? (["longRunning", limits.maxLongRunning] as const)
    : (["inFlight", limits.maxInFlight] as const);
  if (serving[count] >= max) throw tooManyRequests();
  serving[count] += 1;
  try {
    await serveAuthenticated(exchange, info, serving);
  } finally {
    serving[count] -= 1;
  }
}

async function serveAuthenticated(exchange: Exchange, info: RequestInfo, serving: Serving): Promise<void> {
  const { authorize } = serving.options;
  const requestor = authenticate(exchange, serving.options);
  const user = impersonate(exchange, requestor, authorize);
  requireAccess(authorize, attributesOf(info, user));
  const context: RequestContext = { serving, exchange, info, user };
  if (info.isResource) return serveResource(context);
  await serveDocument(context);
}

async function serveDocument(context: RequestContext): Promise<void> {
  const { exchange, info, serving } = context;
  const [first, second] = info.segments;
  switch (first) {
    case "api":
    case "apis":
      return serveDiscovery(context);
    case "openapi":
      return serveOpenApi(context);
    case "version":
      if (second !== undefined) throw unknownPath();
      requireGet(exchange);
      return sendJson(exchange, { status: 200, value: serving.options.version });
    case undefined:
      requireGet(exchange);
      return sendJson(exchange, { status: 200, value: { paths: rootPaths } });
    default:
      throw unknownPath();
  }
}

const health = ["healthz", "livez", "readyz"];
const rootPaths = [
  "/api",
  "/api/v1",
  "/apis",
  "/healthz",
  "/livez",
  "/openapi/v2",
  "/openapi/v3",
  "/readyz",
  "/version",
];

function isHealth({ segments }: RequestInfo): boolean {
  return health.includes(segments[0] ?? "") && segments.length <= 2;
}

/** Open to everybody and never counted: whoever looks after the server must always get an answer. */
function serveHealth(exchange: Exchange): void {
  requireGet(exchange);
  sendText(exchange, { status: 200, contentType: "text/plain; charset=utf-8" }, "ok");
}

function requireGet({ method }: Exchange): void {
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed();
}

interface Failure {
  readonly exchange: Exchange;
  readonly error: unknown;
  readonly serving: Serving;
}

function failSafely(failure: Failure): void {
  try {
    fail(failure);
  } catch {
    // Nothing can be said any more, and nobody else may suffer from it.
    failure.exchange.response.destroy();
  }
}

function fail({ exchange, error, serving }: Failure): void {
  const { response } = exchange;
  const isOurs = !(error instanceof ApiError) && !(error instanceof ClientGone);
  if (isOurs) serving.options.onError(error, `${exchange.method} ${exchange.path}`);
  // An answer that has begun cannot become a Status: cut off, it is at least not taken for whole.
  if (error instanceof ClientGone || response.headersSent || exchange.isGone())
    return void response.destroy();
  for (const header of ["content-length", "content-encoding", "etag"]) response.removeHeader(header);
  const failure = error instanceof ApiError ? error : internalError();
  if (failure.reason === "RequestEntityTooLarge") announceCut(exchange.request, response);
  sendFailure(exchange, failure);
}
