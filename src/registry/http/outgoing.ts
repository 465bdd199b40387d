import type { IncomingMessage } from "node:http";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isAbortError, messageOf, MooringError } from "#core/errors/index.ts";
import type { OutgoingAnswer, OutgoingHttp, OutgoingRequest } from "#ports/outgoing-http.ts";
import { abortErrorOf } from "#runtime/abort.ts";
import { endpointOf } from "#runtime/socket.ts";
import { Connections } from "./connections.ts";
import { RefusedAddress } from "./guard.ts";
import { codeOf } from "./network-error.ts";
import { proxyOf } from "./proxy-of.ts";

const connectTimeoutMs = 10_000;
const maxBytes = 64 * 1024;

export interface OutgoingOptions {
  /** Names proxies, as for repositories. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Requests to addresses that people write into objects of the hub: they may be inside, as those systems are, but never where secrets of
 * machines are. Certificates are checked, redirects not followed, and 64 KiB of an answer read.
 */
export function startOutgoingHttp({ environment }: OutgoingOptions): OutgoingHttp & Disposable {
  const connections = new Connections(connectTimeoutMs);
  return {
    send: async (request) => {
      const url = URL.parse(request.url);
      if (url === null || !["http:", "https:"].includes(url.protocol))
        throw new MooringError("GATE_REFUSED", "that is no http or https URL; correct it");
      const timeout = AbortSignal.timeout(request.timeoutMs);
      const signal = AbortSignal.any([request.signal, timeout]);
      const proxy = proxyOf(url, {}, environment);
      const way = {
        proxy,
        mayBeInternal: true,
        insecure: false,
        ca: undefined,
        certificate: undefined,
        key: undefined,
      };
      try {
        const agent = connections.agentFor(way, url.protocol);
        return await answerOf(await open({ ...request, signal }, url, agent));
      } catch (error) {
        if (request.signal.aborted) throw abortErrorOf(request.signal);
        throw translate(url.host, error, timeout.aborted ? request.timeoutMs : undefined);
      }
    },
    [Symbol.dispose]: () => connections[Symbol.dispose](),
  };
}

function open(
  { method, headers, body, signal }: OutgoingRequest,
  url: URL,
  agent: ReturnType<Connections["agentFor"]>,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const send = url.protocol === "https:" ? requestSecure : requestPlain;
  const { host, port } = endpointOf(url);
  const request = send(
    {
      agent,
      method,
      host,
      port,
      path: url.pathname + url.search,
      headers: {
        host: url.host,
        "user-agent": "mooring",
        "accept-encoding": "identity",
        // A connection that was kept may be dead by now, and what is sent on it cannot be sent twice.
        connection: "close",
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
      },
      signal,
    },
    resolve,
  );
  request.on("error", reject);
  request.end(body);
  return promise;
}

async function answerOf(answer: IncomingMessage): Promise<OutgoingAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  answer.destroy();
  const body = Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
  return { status: answer.statusCode ?? 0, body, isCut: length > maxBytes };
}

function translate(host: string, error: unknown, timeoutMs: number | undefined): unknown {
  const cause = error instanceof AggregateError ? ((error.errors[0] as unknown) ?? error) : error;
  if (cause instanceof RefusedAddress) {
    const message = `${host}: ${cause.message} that no request may go to; use another address`;
    return new MooringError("GATE_REFUSED", message, { cause });
  }
  if (timeoutMs !== undefined) {
    const message = `${host}: no whole answer within ${timeoutMs / 1_000} s; check the server and the network`;
    return new MooringError("GATE_UNREACHABLE", message, { cause });
  }
  if (isAbortError(cause)) return cause;
  const code = codeOf(cause);
  const message = `${host}: no answer (${code === "" ? messageOf(cause).slice(0, 200) : code}); check the address and the network`;
  return new MooringError("GATE_UNREACHABLE", message, { cause });
}
