import type { Clock } from "#runtime/clock.ts";
import type { AnyRequest, AnyResponse } from "./exchange.ts";

// Long enough for what is already under way, short enough for nobody to gain by it.
const graceMs = 1_000;

/**
 * After an answer, a body that nobody read is thrown away while it still comes in: a client that has sent it all goes on using its
 * connection. One that goes on sending is cut off.
 */
export function releaseRest(request: AnyRequest, response: AnyResponse, clock: Clock): void {
  if (request.complete) return;
  response.once("finish", () => {
    if (request.complete) return;
    request.resume();
    const timer = clock.after(graceMs, () => cutOff(request));
    request.once("close", () => timer[Symbol.dispose]());
    request.once("end", () => timer[Symbol.dispose]());
  });
}

function cutOff(request: AnyRequest): void {
  if (request.complete) return;
  if ("stream" in request) request.stream.close();
  else request.socket.destroy();
}

/** Tells a client of HTTP/1.1 that it need not send the rest of its body. */
export function announceCut(request: AnyRequest, response: AnyResponse): void {
  if (!("stream" in request) && !request.complete) response.setHeader("connection", "close");
}
