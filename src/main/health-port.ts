import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { messageOf, MooringError } from "#core/errors/index.ts";
import { healthPort } from "#core/install/index.ts";
import type { Log } from "#runtime/log.ts";
import { ownAddress, parseListenAddress } from "./listen-address.ts";

const timeoutMs = 10_000;
const maxConnections = 100;

export interface HealthPort extends AsyncDisposable {
  readonly port: number;
}

/**
 * Answers `GET /healthz` for as long as the process takes its turns, and nothing else: whatever a controller waits for, such as its lease, a
 * cluster or its internal API, to be started anew would not help it. Throws CONFIG_INVALID for an address that cannot be listened at.
 */
export async function startHealthPort(address: string, log: Log): Promise<HealthPort> {
  const place = parseListenAddress(address, "--health-address", "where the kubelet asks for /healthz");
  const server = createServer(
    { headersTimeout: timeoutMs, requestTimeout: timeoutMs },
    ({ method, url }, response) => {
      const isAsked = url === "/healthz" && (method === "GET" || method === "HEAD");
      const text = isAsked ? "ok\n" : "only /healthz is here\n";
      // What is not read of a request would be taken for the next one.
      const headers = { "content-type": "text/plain; charset=utf-8", connection: "close" };
      response.writeHead(isAsked ? 200 : 404, headers).end(text);
    },
  );
  server.maxConnections = maxConnections;
  server.listen(place);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new MooringError(
      "CONFIG_INVALID",
      `--health-address ${address}: cannot be listened at (${messageOf(error)}); give another with --health-address HOST:PORT`,
      { cause: error },
    );
  }
  server.on("error", (error) => log.error("health port", { error: error.message }));
  const { port } = server.address() as AddressInfo;
  log.info("health is answered", { address: place.host, port });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Where a controller says that it is alive unless it is told: in a pod at its address, elsewhere nowhere. */
export function defaultHealthAddress(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return ownAddress(env, healthPort);
}
