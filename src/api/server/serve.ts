import type { IncomingMessage, ServerResponse } from "node:http";
import { createContextValues } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import { MooringError } from "#core/errors/index.ts";
import { failureOf } from "../answer-code.ts";
import type { Origin } from "../call.ts";
import type { Dispatcher } from "../dispatch.ts";
import { answerRest, fail } from "../rest/answer-rest.ts";
import { createRouteTree } from "../rest/route-tree.ts";
import { tellErrorInHeaders } from "./grpc-web.ts";
import type { AddressOf } from "./peer.ts";
import { createAddressOf, peerKey } from "./peer.ts";
import { createRpcHandlers } from "./rpc.ts";
import { secureHeaders } from "./secure-headers.ts";
import type { RequestListener } from "./start-server.ts";

/** Answers what is no method: pages, the badge, webhooks; false when the path is none of its. */
export type WebHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  origin: Origin,
) => Promise<boolean>;

export interface ServeOptions {
  readonly dispatcher: Dispatcher;
  readonly handlers: readonly WebHandler[];
  /** Stand for other servers, which see to it by themselves who may ask them, and from which page; asked before anything of ours. */
  readonly relays?: readonly WebHandler[];
  readonly maxMessageBytes: number;
  /** What the paths of the server begin with; nothing unless told. What comes without it is answered too: probes and proxies send it so. */
  readonly rootPath?: string;
  /** Where a request comes from; the peer's address unless told. */
  readonly addressOf?: AddressOf;
  /** An error that is nobody's fault but ours; for the log. */
  readonly onBug: (error: unknown) => void;
  /** Aborts when the server is being stopped. */
  readonly signal: AbortSignal;
}

/** What answers every request of the port: gRPC, gRPC-Web, REST and the rest. */
export function createListener(options: ServeOptions): RequestListener {
  const { dispatcher, handlers, relays = [], maxMessageBytes, rootPath = "", onBug, signal } = options;
  const { addressOf = createAddressOf({ trustedProxies: [] }) } = options;
  const rpc = createRpcHandlers(dispatcher, { ...options, addressOf });
  const rest = { dispatcher, routes: createRouteTree(), maxBodyBytes: maxMessageBytes, onBug };
  return (request, response) => {
    request.url = withoutPrefix(request.url ?? "/", rootPath);
    const method = rpc.get(request.url);
    const answered =
      method === undefined ? answerWeb(request, response) : answerRpc(method, request, response);
    answered.catch((error: unknown) => {
      // A body that was read to its end leaves a destroyed request behind, whose sender waits for the answer.
      if (response.destroyed || (request.destroyed && !request.complete)) return;
      fail(response, failureOf(error, onBug));
    });
  };

  async function answerRpc(
    method: UniversalHandler,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const values = createContextValues().set(peerKey, peerOf(request));
    const asked = universalRequestFromNodeRequest(request, response, undefined, values);
    const answer = await method(asked);
    const isGrpcWeb = request.headers["content-type"]?.startsWith("application/grpc-web") === true;
    await universalResponseToNodeResponse(isGrpcWeb ? await tellErrorInHeaders(answer) : answer, response);
  }

  async function answerWeb(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = originOf(request, response, { addressOf, signal });
    for (const relay of relays) {
      if (await relay(request, response, origin)) return;
    }
    secureHeaders(response);
    refuseOtherSites(request);
    if (await answerRest(request, response, { ...rest, origin })) return;
    for (const handler of handlers) {
      if (await handler(request, response, origin)) return;
    }
    throw new MooringError("API_NOT_FOUND", "nothing is at this address");
  }
}

/** A path without what it may begin with. */
function withoutPrefix(url: string, prefix: string): string {
  if (prefix === "" || !url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || rest.startsWith("?") ? `/${rest}` : url;
}

/** A page of another site can have a browser send a request with its user's cookie; such a one says where it comes from. */
function refuseOtherSites({ method = "GET", headers }: IncomingMessage): void {
  if (method === "GET" || method === "HEAD") return;
  const { origin, host } = headers;
  const authority = host ?? headers[":authority"]?.toString();
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === authority);
  if (!isOwn) throw new MooringError("API_FORBIDDEN", "the request comes from a page of another site");
}

function peerOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? "";
}

function originOf(
  request: IncomingMessage,
  response: ServerResponse,
  { addressOf, signal }: { readonly addressOf: AddressOf; readonly signal: AbortSignal },
): Origin {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const { authorization, cookie } = request.headers;
  return {
    credentials: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(cookie === undefined ? {} : { cookie }),
    },
    peer: peerOf(request),
    address: addressOf(peerOf(request), request.headers["x-forwarded-for"]?.toString()),
    userAgent: request.headers["user-agent"] ?? "",
    setCookies: (cookies) => {
      if (!response.headersSent && cookies.length > 0) response.appendHeader("set-cookie", cookies);
    },
    signal: AbortSignal.any([signal, gone.signal]),
  };
}
