import { once } from "node:events";
import { type AddressInfo, isIPv6 } from "node:net";
import { type Duplex, duplexPair } from "node:stream";
import type { Serving } from "./context.ts";
import { type ApiServerOptions, resolveOptions, type ResolvedOptions } from "./options.ts";
import { serveRequest } from "./serve-request.ts";
import { type Acceptor, createAcceptor } from "./sockets.ts";

/** A Kubernetes API server on a port of this machine. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** A Kubernetes API server without a port. */
interface OpenApiServer extends AsyncDisposable {
  /** A connection on which HTTP/1.1 is spoken, without TLS. */
  connect(): Duplex;
}

/** Serves connections that are made within this process. Disposing ends them. */
export function openApiServer(options: ApiServerOptions): OpenApiServer {
  const { acceptor, end } = createServing(resolveOptions(options));
  return {
    connect: () => {
      const [near, far] = duplexPair();
      acceptor.accept(far);
      return near;
    },
    [Symbol.asyncDispose]: async () => {
      using _grace = end();
      for (const connection of acceptor.connections) connection.destroy();
    },
  };
}

/** Resolves when it listens; rejects when the port cannot be had. Disposing ends watches and, after a moment, everything else. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const resolved = resolveOptions(options);
  const { acceptor, serving, end: endServing } = createServing(resolved);
  acceptor.server.listen(resolved.port, resolved.host);
  await once(acceptor.server, "listening");
  const { port } = acceptor.server.address() as AddressInfo;
  serving.address = `${isIPv6(resolved.host) ? `[${resolved.host}]` : resolved.host}:${port}`;
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => (ended ??= endListening(acceptor, endServing));
  const onAbort = (): void => void end();
  resolved.signal?.addEventListener("abort", onAbort, { once: true });
  if (resolved.signal?.aborted === true) onAbort();
  return {
    url: `${resolved.tls === undefined ? "http" : "https"}://${serving.address}`,
    port,
    [Symbol.asyncDispose]: async () => {
      resolved.signal?.removeEventListener("abort", onAbort);
      await end();
    },
  };
}

interface Served {
  readonly acceptor: Acceptor;
  readonly serving: Serving;
  /** Ends watches at once and what is under way after a while; disposing the answer gives up waiting. */
  readonly end: () => Disposable;
}

function createServing(resolved: ResolvedOptions): Served {
  const ending = new AbortController();
  const serving: Serving = {
    options: resolved,
    address: "",
    inFlight: 0,
    longRunning: 0,
    ending: ending.signal,
  };
  const acceptor = createAcceptor(
    resolved,
    (request, response) => void serveRequest(request, response, serving),
  );
  return {
    acceptor,
    serving,
    end: () => {
      ending.abort();
      acceptor.retire();
      return resolved.clock.after(resolved.limits.shutdownGraceMs, () => {
        for (const connection of acceptor.connections) connection.destroy();
      });
    },
  };
}

async function endListening({ server }: Acceptor, end: Served["end"]): Promise<void> {
  const closed = once(server, "close");
  server.close();
  using _grace = end();
  await closed;
}
