import type { Server as NetServer, Socket } from "node:net";
import { createServer } from "node:net";

/** What a client speaks, by the first bytes that it sends. */
export type Spoken = "tls" | "http2" | "http1";

const preface = Buffer.from("PRI * HTTP/2.0");
const tlsHandshake = 0x16;
/** A client that says nothing for so long is let go of. */
const silenceMs = 10_000;

/**
 * One port for every protocol: each connection is given to `onConnection` with what it speaks, nothing of it read (RFC 9113, section 3.4:
 * HTTP/2 without TLS begins with a fixed line; RFC 8446, section 5.1: TLS begins with the byte 22).
 */
export function createSniffingServer(onConnection: (socket: Socket, spoken: Spoken) => void): NetServer {
  return createServer({ noDelay: true, keepAlive: true }, (socket) => {
    let begun = Buffer.alloc(0);
    const drop = (): void => void socket.destroy();
    const onData = (chunk: Buffer): void => {
      begun = Buffer.concat([begun, chunk]);
      const spoken = spokenBy(begun);
      if (spoken === undefined) return;
      socket.pause();
      socket.off("data", onData);
      socket.off("error", drop);
      socket.setTimeout(0);
      socket.off("timeout", drop);
      socket.unshift(begun);
      onConnection(socket, spoken);
      // TLS and HTTP/2 fetch for themselves what has been put back.
      if (spoken === "http1") socket.resume();
    };
    socket.setTimeout(silenceMs);
    socket.on("timeout", drop);
    socket.on("error", drop);
    socket.on("data", onData);
  });
}

/** Undefined while the bytes could still become the HTTP/2 preface. */
function spokenBy(bytes: Buffer): Spoken | undefined {
  if (bytes[0] === tlsHandshake) return "tls";
  const length = Math.min(bytes.byteLength, preface.byteLength);
  if (bytes.compare(preface, 0, length, 0, length) !== 0) return "http1";
  return length === preface.byteLength ? "http2" : undefined;
}
