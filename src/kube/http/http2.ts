import { type ClientHttp2Session, connect, constants } from "node:http2";
import type { Socket } from "node:net";
import { waitOrAbort } from "#runtime/abort.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

export interface Http2Options {
  readonly server: string;
  /** A socket on which the server agreed to HTTP/2. */
  readonly dial: () => Promise<Socket>;
  /** How often an idle or silent connection is asked whether it is still there; 10 seconds unless told. */
  readonly pingIntervalMs?: number;
  /** How long its answer may take before the connection is given up; 10 seconds unless told. */
  readonly pongTimeoutMs?: number;
}

const streamWindowBytes = 1024 * 1024;
const sessionWindowBytes = 16 * streamWindowBytes;
/** Until the server has said its limit; RFC 9113 §6.5.2 asks servers for no smaller one. */
const streamsBeforeSettings = 100;
const defaultPingIntervalMs = 10_000;
const defaultPongTimeoutMs = 10_000;

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
  // Between the question for room and the request nothing else runs: requests that come at once would share the
  // last room, and those beyond the server's limit wait in silence for another one's end, which for watches is never.
  const sendWhereRoom = async (request: HttpRequest): Promise<HttpResponse> => {
    for (const candidate of sessions) {
      const session = await candidate;
      request.signal.throwIfAborted();
      if (session.hasRoom()) return session.send(request);
    }
    const session = await openSession();
    request.signal.throwIfAborted();
    return session.send(request);
  };
  return {
    send: (request) => waitOrAbort(sendWhereRoom(request), request.signal),
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
  // A session in the middle of a write waits for it before it says "close", and so forever when its peer is gone:
  // the socket is closed with it, and nothing here depends on the event alone.
  const destroy = (error?: Error): void => {
    session.destroy(error);
    socket.destroy(error);
    end();
  };
  const pinger = startPinger(session, options, destroy);
  let open = 0;
  let maxOpen = streamsBeforeSettings;
  session.on("remoteSettings", ({ maxConcurrentStreams = Infinity }) => (maxOpen = maxConcurrentStreams));
  let usable = true;
  const leave = (): void => {
    usable = false;
    ended();
  };
  const end = (): void => {
    pinger[Symbol.dispose]();
    leave();
  };
  session.on("close", end);
  // What runs goes on to its end, and so do the pings.
  session.on("goaway", leave);
  // Each stream reports the session's error to its own reader.
  session.on("error", end);
  socket.once("close", () => destroy());
  const prefix = url.pathname.replace(/\/$/, "");
  const hasRoom = (): boolean => {
    if (!usable || session.closed || session.destroyed) return false;
    return open < maxOpen;
  };
  return {
    hasRoom,
    send: async (request) => {
      const answer = send(session, request, { prefix, authority: url.host, closed: () => (open -= 1) });
      open += 1;
      return answer;
    },
    retire: () => session.close(),
    destroy,
  };
}

/** Asks the server again and again whether it is there (RFC 9113 §6.7); gives the session up when it says nothing. */
function startPinger(
  session: ClientHttp2Session,
  options: Http2Options,
  giveUp: (error: Error) => void,
): Disposable {
  const { pingIntervalMs = defaultPingIntervalMs, pongTimeoutMs = defaultPongTimeoutMs } = options;
  let pong: NodeJS.Timeout | undefined;
  const pinger = setInterval(() => {
    if (session.destroyed || pong !== undefined) return;
    // After a long turn of the event loop the answer may be there, unread: it is read before the second timer.
    pong = setTimeout(() => {
      pong = setTimeout(() => {
        giveUp(Object.assign(new Error("no answer to ping"), { code: "ETIMEDOUT" }));
      });
    }, pongTimeoutMs);
    pong.unref();
    session.ping(() => {
      clearTimeout(pong);
      pong = undefined;
    });
  }, pingIntervalMs);
  pinger.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(pinger);
      clearTimeout(pong);
    },
  };
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
  let isAnswered = false;
  stream.on("error", reject);
  stream.once("close", () => {
    target.closed();
    if (!isAnswered) reject(Object.assign(new Error("stream closed"), { code: "ECONNRESET" }));
  });
  stream.once("response", (headers) => {
    isAnswered = true;
    resolve({ status: headers[":status"] ?? 0, headers, body: stream });
  });
  if (request.body !== undefined) stream.end(request.body);
  return promise;
}
