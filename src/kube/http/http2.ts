import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { Socket } from "node:net";
import { waitOrAbort } from "#runtime/abort.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

export interface Http2Options {
  readonly server: string;
  /** A socket on which the server agreed to HTTP/2. */
  readonly dial: () => Promise<Socket>;
}

const streamWindowBytes = 1024 * 1024;
const sessionWindowBytes = 16 * streamWindowBytes;
const pingIntervalMs = 20_000;
const pongTimeoutMs = 15_000;

/** HTTP/2: every request is a stream of one connection; a further connection opens when the server's stream limit is reached. */
export function startHttp2(options: Http2Options): Transport {
  let sessions: Promise<Session>[] = [];
  const forget = (session: Promise<Session>): void => {
    sessions = sessions.filter((other) => other !== session);
  };
  const openSession = (): Promise<Session> => {
    const session: Promise<Session> = startSession(options, () => forget(session));
    sessions.push(session);
    session.catch(() => forget(session));
    return session;
  };
  const sessionWithRoom = async (): Promise<Session> => {
    for (const candidate of sessions) {
      const session = await candidate;
      if (session.hasRoom()) return session;
    }
    return openSession();
  };
  return {
    send: async (request) => (await waitOrAbort(sessionWithRoom(), request.signal)).send(request),
    rotate: () => {
      for (const session of sessions.splice(0)) session.then((open) => open.retire(), ignore);
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions.splice(0)) session.then((open) => open.destroy(), ignore);
    },
  };
}

// A session that never opened has told its error to the request that waited for it.
function ignore(): void {
  return undefined;
}

interface Session {
  hasRoom(): boolean;
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Takes no new requests; closes when the last one ends. */
  retire(): void;
  destroy(): void;
}

async function startSession(options: Http2Options, ended: () => void): Promise<Session> {
  const socket = await options.dial();
  const url = new URL(options.server);
  const session = connect(url.origin, {
    createConnection: () => socket,
    settings: { initialWindowSize: streamWindowBytes, enablePush: false },
  });
  session.on("connect", () => session.setLocalWindowSize(sessionWindowBytes));
  const pinger = setInterval(() => ping(session), pingIntervalMs);
  pinger.unref();
  let open = 0;
  let usable = true;
  const end = (): void => {
    usable = false;
    clearInterval(pinger);
    ended();
  };
  session.on("close", end);
  session.on("goaway", end);
  // Each stream reports the session's error to its own reader.
  session.on("error", end);
  const prefix = url.pathname.replace(/\/$/, "");
  return {
    hasRoom: () => usable && !session.closed && open < (session.remoteSettings?.maxConcurrentStreams ?? 100),
    send: async (request) => {
      open += 1;
      return send(session, request, { prefix, authority: url.host, closed: () => (open -= 1) });
    },
    retire: () => session.close(),
    destroy: () => session.destroy(),
  };
}

function ping(session: ClientHttp2Session): void {
  if (session.destroyed) return;
  const timer = setTimeout(() => {
    session.destroy(Object.assign(new Error("no answer to ping"), { code: "ETIMEDOUT" }));
  }, pongTimeoutMs);
  timer.unref();
  session.ping(() => clearTimeout(timer));
}

interface Target {
  readonly prefix: string;
  readonly authority: string;
  readonly closed: () => void;
}

function send(session: ClientHttp2Session, request: HttpRequest, target: Target): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const stream = session.request(
    {
      [constants.HTTP2_HEADER_METHOD]: request.method,
      [constants.HTTP2_HEADER_PATH]: target.prefix + request.path,
      [constants.HTTP2_HEADER_AUTHORITY]: target.authority,
      ...request.headers,
    },
    { endStream: request.body === undefined, signal: request.signal },
  );
  stream.on("error", reject);
  stream.once("close", () => {
    target.closed();
    reject(Object.assign(new Error("stream closed"), { code: "ECONNRESET" }));
  });
  stream.once("response", (headers) => {
    resolve({ status: headers[":status"] ?? 0, headers, body: stream });
  });
  if (request.body !== undefined) stream.end(request.body);
  return promise;
}
