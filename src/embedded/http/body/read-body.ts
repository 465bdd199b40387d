import type { Clock } from "#runtime/clock.ts";
import { ApiError } from "../../api-error.ts";
import { badRequest, tooLarge } from "../errors.ts";
import type { AnyRequest } from "../exchange.ts";

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/** The client went away before its request was complete; there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/** The whole body. Throws RequestEntityTooLarge, Timeout for a body that comes too slowly, and ClientGone. */
export function readBody(request: AnyRequest, limits: BodyLimits, clock: Clock): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limits.maxBodyBytes) return Promise.reject(tooLarge(limits.maxBodyBytes));
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > limits.maxBodyBytes) reject(tooLarge(limits.maxBodyBytes));
    else chunks.push(chunk);
  };
  const timer = clock.after(limits.bodyTimeoutMs, () => reject(slow()));
  let isComplete = false;
  const onEnd = (): void => {
    isComplete = true;
    resolve(Buffer.concat(chunks, length));
  };
  const onGone = (): void => {
    if (!isComplete) reject(new ClientGone("the request ended early"));
  };
  request.on("data", onData).on("end", onEnd).on("aborted", onGone).on("error", onGone).on("close", onGone);
  return promise.finally(() => {
    timer[Symbol.dispose]();
    // What still comes is thrown away by whoever ends the exchange.
    request.off("data", onData).off("end", onEnd).off("aborted", onGone).off("close", onGone);
  });
}

function slow(): ApiError {
  return new ApiError("Timeout", "Timeout: the request's body did not arrive in time", {
    retryAfterSeconds: 1,
  });
}

/** Bodies are never compressed in this protocol. */
export function requirePlain(request: AnyRequest): void {
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity" && encoding !== "") {
    throw badRequest(`unsupported content encoding ${JSON.stringify(encoding)}`);
  }
}
