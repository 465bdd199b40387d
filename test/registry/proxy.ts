import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { listenOnLoopback } from "#test/git-servers/loopback.ts";

export interface TestProxy extends AsyncDisposable {
  readonly url: string;
  /** What was asked for, with the login that came along. */
  readonly connects: readonly string[];
}

/** An HTTP proxy that knows one name, which is at a port of this machine. */
export async function startTestProxy(name: string, port: number): Promise<TestProxy> {
  const connects: string[] = [];
  const server = createServer();
  server.on("connect", (request: IncomingMessage, near: Socket) => {
    const login = request.headers["proxy-authorization"];
    connects.push([request.url, login].filter((part) => part !== undefined).join(" "));
    if (request.url !== name) {
      near.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const far = connect(port, "127.0.0.1", () => {
      near.write("HTTP/1.1 200 OK\r\n\r\n");
      near.pipe(far).pipe(near);
    });
    far.on("error", () => near.destroy());
  });
  const listening = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${listening.port}`, connects, [Symbol.asyncDispose]: listening.close };
}
