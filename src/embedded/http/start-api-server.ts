import { once } from "node:events";
import { type AddressInfo, isIPv6 } from "node:net";
import type { Serving } from "./context.ts";
import { type ApiServerOptions, resolveOptions, type ResolvedOptions } from "./options.ts";
import { serveRequest } from "./serve-request.ts";
import { type Acceptor, createAcceptor } from "./sockets.ts";

/** A Kubernetes API server on a port of this machine. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Resolves when it listens; rejects when the port cannot be had. Disposing ends watches and, after a moment, everything else. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const resolved = resolveOptions(options);
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
  acceptor.server.listen(resolved.port, resolved.host);
  await once(acceptor.server, "listening");
  const { port } = acceptor.server.address() as AddressInfo;
  serving.address = `${isIPv6(resolved.host) ? `[${resolved.host}]` : resolved.host}:${port}`;
  let ended: Promise<void> | undefined;
  const end = (): Promise<void> => (ended ??= endServer(acceptor, ending, resolved));
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

async function endServer(
  acceptor: Acceptor,
  ending: AbortController,
  options: ResolvedOptions,
): Promise<void> {
  const { server, sockets } = acceptor;
  const closed = once(server, "close");
  server.close();
  ending.abort();
  acceptor.retire();
  const timer = options.clock.after(options.limits.shutdownGraceMs, () => {
    for (const socket of sockets) socket.destroy();
  });
  await closed;
  timer[Symbol.dispose]();
}
