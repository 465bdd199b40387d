import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Clock } from "#runtime/clock.ts";
import { badRequest } from "./errors.ts";
import { isTrue } from "./path/request-info.ts";

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** One request with its answer, whichever HTTP version it came by. */
export interface Exchange {
  readonly request: AnyRequest;
  readonly response: AnyResponse;
  readonly method: string;
  /** As it was sent, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly clock: Clock;
  /** How long an answer may stand still because the client does not read. */
  readonly stallTimeoutMs: number;
  /** Texts of Warning headers. */
  readonly warnings: string[];
  /** True when the client can no longer be answered. */
  readonly isGone: () => boolean;
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly stallTimeoutMs: number;
  readonly maxUrlBytes: number;
}

/** Throws BadRequest for a target that is no path. */
export function openExchange(
  request: AnyRequest,
  response: AnyResponse,
  { clock, stallTimeoutMs, maxUrlBytes }: ExchangeOptions,
): Exchange {
  let gone = false;
  response.once("close", () => (gone = true));
  const url = request.url ?? "/";
  const { path, query } = splitUrl(url, maxUrlBytes);
  const method = request.method ?? "GET";
  return {
    request,
    response,
    method,
    path,
    query,
    clock,
    stallTimeoutMs,
    warnings: [],
    isGone: () => gone,
  };
}

function splitUrl(url: string, maxBytes: number): { readonly path: string; readonly query: URLSearchParams } {
  if (url.length > maxBytes) throw badRequest(`the request's URL is longer than ${maxBytes} bytes`);
  // Clients of proxies send the whole URL.
  const target = url.replace(/^https?:\/\/[^/?#]*/i, "").replace(/#.*$/s, "");
  const at = target.indexOf("?");
  const path = at < 0 ? target : target.slice(0, at);
  return { path: path === "" ? "/" : path, query: new URLSearchParams(at < 0 ? "" : target.slice(at + 1)) };
}

export function headerOf(exchange: Exchange, name: string): string | undefined {
  const value = exchange.request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Answers for people are indented. */
export function wantsPretty(exchange: Exchange, inMediaType: boolean): boolean {
  const asked = exchange.query.get("pretty");
  if (asked !== null && asked !== "") return isTrue(asked);
  return inMediaType || /^(curl|Wget|Mozilla\/5\.0)/.test(headerOf(exchange, "user-agent") ?? "");
}
