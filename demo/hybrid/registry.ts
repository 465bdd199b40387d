import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";

/** A registry of images on this machine, of which there are names and tags and nothing else: pods are simulated and pull nothing. */
export interface DemoRegistry extends AsyncDisposable {
  /** Such as `127.0.0.1:34567`. */
  readonly host: string;
  push(name: string, tag: string): void;
}

/** Answers what lists tags (https://github.com/opencontainers/distribution-spec, Listing Tags). */
export async function startDemoRegistry(): Promise<DemoRegistry> {
  const tags = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const name = /^\/v2\/(?<name>.+)\/tags\/list/u.exec(request.url ?? "")?.groups?.["name"] ?? "";
    const known = tags.get(name);
    const isBase = request.url === "/v2/";
    response.writeHead(isBase || known !== undefined ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isBase ? {} : { name, tags: known ?? [] }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    push: (name, tag) => void tags.set(name, [...(tags.get(name) ?? []), tag]),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
