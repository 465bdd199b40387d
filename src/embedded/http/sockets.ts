import { createServer as createHttp1Server, type Server as Http1Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Session } from "node:http2";
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import type { AnyRequest, AnyResponse } from "./exchange.ts";
import { refuseMalformed } from "./malformed.ts";
import type { ResolvedOptions, TlsSettings } from "./options.ts";

/** Connections of one port, on which HTTP/1.1 and HTTP/2 are spoken. */
export interface Acceptor {
  /** To be listened with. */
  readonly server: Server;
  readonly connections: ReadonlySet<Duplex>;
  /** Speaks HTTP/1.1 on a connection that came by another way. */
  accept(connection: Duplex): void;
  /** Says goodbye to connections that have nothing under way, and to others when they are through. */
  retire(): void;
}

export type OnRequest = (request: AnyRequest, response: AnyResponse) => void;

const preface = "PRI * HTTP/2.0";

/** With TLS the protocol is agreed on by ALPN, without it the first bytes tell (RFC 9113 §3.3). */
export function createAcceptor(options: ResolvedOptions, onRequest: OnRequest): Acceptor {
  const http1 = createHttp1(options, onRequest);
  const { http2, sessions } = createHttp2(options, onRequest);
  const connections = new Set<Duplex>();
  const keep = (connection: Duplex): void => {
    connections.add(connection);
    connection.on("error", () => undefined);
    connection.once("close", () => connections.delete(connection));
  };
  const accept = (socket: Socket, isHttp2: boolean): void => {
    (isHttp2 ? http2 : http1).emit("connection", socket);
  };
  const server =
    options.tls === undefined ? createPlain(options, accept) : createTls(options.tls, options, accept);
  // Sockets beneath TLS are kept, which end those above them.
  server.on("connection", (socket) => {
    socket.setNoDelay(true);
    keep(socket);
  });
  server.maxConnections = options.limits.maxConnections;
  return {
    server,
    connections,
    accept: (connection) => {
      keep(connection);
      http1.emit("connection", connection);
    },
    retire: () => {
      http1.close();
      http1.closeIdleConnections();
      for (const session of sessions) session.close();
    },
  };
}

type Accept = (socket: Socket, isHttp2: boolean) => void;

function createTls(tls: TlsSettings, { limits }: ResolvedOptions, accept: Accept): Server {
  const server = createTlsServer({
    key: tls.key,
    cert: tls.cert,
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa, requestCert: true, rejectUnauthorized: false }),
    ALPNProtocols: ["h2", "http/1.1"],
    handshakeTimeout: limits.headersTimeoutMs,
    minVersion: "TLSv1.2",
  });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => undefined);
    accept(socket, socket.alpnProtocol === "h2");
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

function createPlain({ limits }: ResolvedOptions, accept: Accept): Server {
  return createPlainServer((socket) => {
    // Whoever connects and says nothing is in nobody's charge yet.
    socket.setTimeout(limits.headersTimeoutMs, () => socket.destroy());
    socket.once("readable", () => {
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      const first = socket.read() as Buffer | null;
      if (first === null) return socket.destroy();
      socket.unshift(first);
      accept(socket, first.toString("latin1", 0, preface.length) === preface);
    });
  });
}

function createHttp1({ limits }: ResolvedOptions, onRequest: OnRequest): Http1Server {
  const server = createHttp1Server({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.headersTimeoutMs + limits.bodyTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
  });
  server.on("request", onRequest);
  server.on("clientError", refuseMalformed);
  // Upgrades and tunnels are not served here.
  server.on("connect", (_request, socket) => socket.destroy());
  // It never listens itself, but begins to watch over its connections' timeouts with this event.
  server.emit("listening");
  return server;
}

function createHttp2(options: ResolvedOptions, onRequest: OnRequest) {
  const { limits } = options;
  const server: Http2Server = createHttp2Server({
    settings: {
      maxConcurrentStreams: 250,
      maxHeaderListSize: limits.maxHeaderBytes,
      enableConnectProtocol: false,
    },
    maxSessionMemory: 64,
    maxSessionRejectedStreams: 100,
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on("request", onRequest);
  server.on("sessionError", () => undefined);
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.on("error", () => undefined);
    closeWhenIdle(session, limits.idleTimeoutMs);
  });
  return { http2: server, sessions };
}

/** A session without requests ends after a while; one with a quiet watch stays as long as the peer answers pings. */
function closeWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let open = 0;
  session.on("stream", (stream) => {
    open += 1;
    stream.on("error", () => undefined);
    stream.once("close", () => (open -= 1));
  });
  session.setTimeout(idleMs, () => {
    if (open === 0) return session.close();
    if (session.destroyed) return;
    const deadline = setTimeout(() => session.destroy(), idleMs / 2).unref();
    session.ping(() => clearTimeout(deadline));
  });
}
