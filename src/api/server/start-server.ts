import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttp1 } from "node:http";
import type { Http2Server, Http2ServerRequest, Http2Session } from "node:http2";
import { constants, createSecureServer, createServer as createHttp2 } from "node:http2";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { once } from "node:events";
import type { SecureContextOptions } from "node:tls";
import { MooringError } from "#core/errors/index.ts";
import type { Spoken } from "./sniff.ts";
import { createSniffingServer } from "./sniff.ts";

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

export interface ServerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Takes any free port where that one is taken. */
  readonly takesOther?: boolean | undefined;
  /** Certificate and key in PEM; without them everything is plain. */
  readonly tls?: SecureContextOptions | undefined;
  readonly onRequest: RequestListener;
  /** How long the body of a request may take to come, in milliseconds; two minutes unless told. */
  readonly requestTimeoutMs?: number;
}

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** Takes another certificate for connections from now on. */
  readonly useCertificate: (tls: SecureContextOptions) => void;
}

/** Per connection: more streams wait until others have ended. */
const maxConcurrentStreams = 250;
/** So much headers and frames that wait; in megabytes. */
const maxSessionMemory = 16;
const headersTimeoutMs = 20_000;
const usualRequestTimeoutMs = 120_000;
const maxConnections = 20_000;
/** How long requests may go on while the server closes. */
const graceMs = 5_000;

/** Serves HTTP/1.1 and HTTP/2, with and without TLS, on one port. With TLS, plain HTTP/1.1 is sent to the address with https. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { tls, onRequest, requestTimeoutMs = usualRequestTimeoutMs } = options;
  const sessions = new Set<Http2Session>();
  const limits = { settings: { maxConcurrentStreams }, maxSessionMemory } as const;
  const listener = onRequest as unknown as Parameters<Http2Server["on"]>[1];
  const http1 = createHttp1(
    { headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs), requestTimeout: requestTimeoutMs },
    tls === undefined ? onRequest : redirectToTls,
  );
  const http2 = createHttp2(limits);
  const secure =
    tls === undefined
      ? undefined
      : createSecureServer({ ...limits, ...tls, minVersion: "TLSv1.2", allowHTTP1: true });
  for (const server of [http2, secure]) {
    server?.on("request", (request: Http2ServerRequest) => endWhenLate(request, requestTimeoutMs));
    server?.on("request", listener);
    server?.on("session", (session: Http2Session) => {
      sessions.add(session);
      session.once("close", () => sessions.delete(session));
    });
  }
  // They are given their connections instead of listening; this has them keep their time limits all the same.
  for (const server of [http1, secure]) server?.emit("listening");
  const sockets = new Set<Socket>();
  const route = (socket: Socket, spoken: Spoken): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    if (spoken === "tls" && secure !== undefined) secure.emit("connection", socket);
    else if (spoken === "http1") http1.emit("connection", socket);
    else if (spoken === "http2" && secure === undefined) http2.emit("connection", socket);
    else socket.destroy();
  };
  const server = createSniffingServer(route);
  server.maxConnections = maxConnections;
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    useCertificate: (certificate) => secure?.setSecureContext(certificate),
    [Symbol.asyncDispose]: async () => {
      const isClosed = once(server, "close");
      server.close();
      for (const inner of [http1, secure]) inner?.close();
      for (const session of sessions) session.close();
      const late = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await isClosed;
      clearTimeout(late);
    },
  };
}

/** Node bounds the time of a body over HTTP/1 alone. */
function endWhenLate(request: Http2ServerRequest, timeoutMs: number): void {
  if (request.httpVersionMajor < 2) return;
  const { stream } = request;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), timeoutMs);
  const onEnd = (): void => clearTimeout(timer);
  stream.once("end", onEnd);
  stream.once("close", onEnd);
}

async function listen(server: NetServer, { host, port, takesOther = false }: ServerOptions): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!isTaken) throw error;
    if (takesOther) return listen(server, { host, port: 0, onRequest: () => undefined });
    throw new MooringError(
      "CONFIG_INVALID",
      `port ${port}: is taken by another program; choose another with --port`,
      {
        cause: error,
      },
    );
  }
}

function redirectToTls(request: IncomingMessage, response: ServerResponse): void {
  const { host } = request.headers;
  if (host === undefined || !/^[\w.:[\]-]+$/u.test(host)) {
    response.writeHead(400, { "content-length": 0 }).end();
    return;
  }
  response.writeHead(307, { location: `https://${host}${request.url ?? "/"}`, "content-length": 0 }).end();
}
