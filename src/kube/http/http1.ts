import { Agent as HttpAgent, request as requestPlain } from "node:http";
import { Agent as HttpsAgent, request as requestSecure } from "node:https";
import type { Socket } from "node:net";
import { createSlots } from "./slots.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

export interface Http1Options {
  readonly server: string;
  readonly dial: () => Promise<Socket>;
  /** Requests beyond this many wait for a connection. */
  readonly maxSockets: number;
}

/** HTTP/1.1 over a pool of kept-alive connections. */
export function startHttp1(options: Http1Options): Transport {
  const url = new URL(options.server);
  const prefix = url.pathname.replace(/\/$/, "");
  let agent = startAgent(options);
  // Node's agent does not count connections that are still being made, so its own limit does not hold.
  const slots = createSlots(options.maxSockets);
  return {
    send: async (request) => {
      const giveBack = await slots.take(request.signal);
      try {
        const response = await send(request, { agent, prefix, url });
        response.body.once("close", giveBack);
        return response;
      } catch (error) {
        giveBack();
        throw error;
      }
    },
    rotate: () => {
      agent.destroy();
      agent = startAgent(options);
    },
    [Symbol.asyncDispose]: async () => {
      agent.destroy();
    },
  };
}

type AnyAgent = HttpAgent | HttpsAgent;

function startAgent(options: Http1Options): AnyAgent {
  const settings = { keepAlive: true, scheduling: "lifo" } as const;
  const secure = options.server.startsWith("https:");
  const agent: AnyAgent = secure ? new HttpsAgent(settings) : new HttpAgent(settings);
  agent.createConnection = (_options, connected) => {
    void dialInto(options, connected);
    return undefined;
  };
  return agent;
}

type Connected = Parameters<AnyAgent["createConnection"]>[1];

async function dialInto(options: Http1Options, connected: Connected): Promise<void> {
  try {
    connected?.(null, await options.dial());
  } catch (error) {
    // With an error Node reads no socket.
    connected?.(toError(error), undefined as never);
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

interface Target {
  readonly agent: AnyAgent;
  readonly prefix: string;
  readonly url: URL;
}

function send(request: HttpRequest, target: Target): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const { hostname, port, protocol } = target.url;
  const open = protocol === "https:" ? requestSecure : requestPlain;
  const outgoing = open(
    {
      agent: target.agent,
      hostname,
      port,
      path: target.prefix + request.path,
      method: request.method,
      headers: request.headers,
      signal: request.signal,
    },
    (incoming) => {
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming });
    },
  );
  outgoing.on("error", reject);
  outgoing.end(request.body);
  return promise;
}
