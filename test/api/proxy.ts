import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { onTestFinished } from "vitest";

export interface ProxyOptions {
  /** Where the server is. */
  readonly to: () => string;
  /** Below which path browsers find it, such as `/mooring`. What is not below it is answered with 404. */
  readonly path: string;
  /** Takes the path away before it asks the server. */
  readonly strips: boolean;
}

/** A reverse proxy below whose path a server is found; its address. Ends with the test. */
export async function startProxy({ to, path, strips }: ProxyOptions): Promise<string> {
  const proxy = createServer((request, response) => {
    const { method, url = "/", headers } = request;
    if (url !== path && !url.startsWith(`${path}/`)) {
      response.writeHead(404).end("another server's page");
      return;
    }
    const at = strips ? url.slice(path.length) || "/" : url;
    const asked = httpRequest(
      new URL(at, to()),
      { method: method ?? "GET", headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // A stream begins before it has told anything.
        response.flushHeaders();
        pipeline(answer, response, () => undefined);
      },
    );
    asked.on("error", () => response.destroy());
    response.on("close", () => asked.destroy());
    pipeline(request, asked, () => undefined);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => void proxy.close(resolve));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}
