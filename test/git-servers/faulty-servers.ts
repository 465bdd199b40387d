import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { listenOnLoopback } from "./loopback.ts";

export interface FaultyServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  /** Connections or requests so far. */
  readonly count: number;
  /** `Authorization` headers that arrived. */
  readonly authorizations: readonly string[];
}

/** Accepts connections and never says a word. */
export async function startHangingServer(): Promise<FaultyServer> {
  let count = 0;
  const server = createServer(() => {
    count += 1;
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count;
    },
    authorizations: [],
    [Symbol.asyncDispose]: close,
  };
}

function packetLine(text: string): string {
  return (text.length + 4).toString(16).padStart(4, "0") + text;
}

type Answer = (path: string) => {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

async function startAnswering(answer: Answer): Promise<FaultyServer> {
  let count = 0;
  const authorizations: string[] = [];
  const server = createHttpServer((request, response) => {
    count += 1;
    if (request.headers.authorization !== undefined) authorizations.push(request.headers.authorization);
    const { status, headers, body } = answer(request.url ?? "/");
    request.resume();
    response.writeHead(status, headers);
    response.end(body);
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    get count() {
      return count;
    },
    authorizations,
    [Symbol.asyncDispose]: close,
  };
}

/** Shows a branch at a commit that it does not have, and says so when asked for it (protocol version 0). */
export async function startLyingServer(commit: string): Promise<FaultyServer> {
  const advertisement = [
    packetLine("# service=git-upload-pack\n"),
    "0000",
    packetLine(`${commit} HEAD\0 shallow allow-reachable-sha1-in-want symref=HEAD:refs/heads/main\n`),
    packetLine(`${commit} refs/heads/main\n`),
    "0000",
  ].join("");
  return await startAnswering((path) =>
    path.includes("/info/refs")
      ? {
          status: 200,
          headers: { "Content-Type": "application/x-git-upload-pack-advertisement" },
          body: advertisement,
        }
      : {
          status: 200,
          headers: { "Content-Type": "application/x-git-upload-pack-result" },
          body: packetLine(`ERR upload-pack: not our ref ${commit}`),
        },
  );
}

/** Sends every request to the same path of another address. */
export async function startRedirectingServer(to: string): Promise<FaultyServer> {
  return await startAnswering((path) => ({ status: 301, headers: { Location: `${to}${path}` } }));
}
