import type { Socket } from "node:net";

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export function endpointOf(url: URL): Endpoint {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const standard = { "https:": 443, "socks5:": 1080, "socks5h:": 1080 }[url.protocol] ?? 80;
  return { host, port: url.port === "" ? standard : Number(url.port) };
}

/** Resolves when the socket has emitted its readiness event; destroys it when that takes too long. */
export function connected<S extends Socket>(socket: S, event: string, timeoutMs: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error("connect timed out"), { code: "ETIMEDOUT" }));
    }, timeoutMs);
    const failed = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once("error", failed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off("error", failed);
      resolve(socket);
    });
  });
}
