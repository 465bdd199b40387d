import { createDispatcher } from "#api/dispatch.ts";
import { createListener } from "#api/server/serve.ts";
import type { ServeOptions } from "#api/server/serve.ts";
import { startServer } from "#api/server/start-server.ts";

interface Served extends AsyncDisposable {
  readonly url: string;
  readonly bugs: readonly unknown[];
}

/** A server with nothing but these handlers, and one method of the API that answers. */
export async function serveHandlers(
  options: Pick<ServeOptions, "handlers" | "relays" | "rootPath">,
): Promise<Served> {
  const stop = new AbortController();
  const bugs: unknown[] = [];
  const methods = { version: { version: () => Promise.resolve({ Version: "v0.0.0" }) } };
  const gate = { admit: () => Promise.resolve({}), assertChecked: () => undefined };
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    onRequest: createListener({
      ...options,
      dispatcher: createDispatcher(methods, gate),
      maxMessageBytes: 1000,
      onBug: (error) => bugs.push(error),
      signal: stop.signal,
    }),
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    bugs,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await server[Symbol.asyncDispose]();
    },
  };
}
