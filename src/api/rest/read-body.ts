import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { parseJson } from "../contract/codec/index.ts";

/** The part of a Node.js request that is read here. */
export interface BodyStream {
  /** Without destroying it at an early end, which would leave nobody to tell why. */
  readonly iterator: (options: { readonly destroyOnReturn: false }) => AsyncIterable<unknown>;
  readonly headers: {
    readonly "content-length"?: string | undefined;
    readonly "content-type"?: string | undefined;
  };
}

/**
 * The body of a request, no longer than `maxBytes`. Throws API_TOO_LARGE before more than that is read, and API_MEDIA_TYPE when a body
 * is not said to be JSON: a form of another site can be sent with a user's cookie, but not as JSON.
 */
export async function readBody(request: BodyStream, maxBytes: number): Promise<Buffer> {
  const body = await readBytes(request, { maxBytes, advice: "send less, or raise ARGOCD_GRPC_MAX_SIZE_MB" });
  if (body.byteLength > 0) requireJsonType(request, /^application\/json$/u);
  return body;
}

export interface BytesOptions {
  readonly maxBytes: number;
  /** What to do about a body that is longer. */
  readonly advice: string;
  /** Told how much has come, before it is kept; may throw. */
  readonly onBytes?: (bytes: number) => void;
}

/** The bytes of a body. Throws API_TOO_LARGE before more than `maxBytes` is read. */
export async function readBytes(
  request: BodyStream,
  { maxBytes, advice, onBytes = () => undefined }: BytesOptions,
): Promise<Buffer> {
  const tooLarge = () => new MooringError("API_TOO_LARGE", `the body is over ${maxBytes} bytes; ${advice}`);
  const length = request.headers["content-length"];
  if (length !== undefined && Number(length) > maxBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of untilGone(request)) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    onBytes(chunk.byteLength);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Throws API_MEDIA_TYPE when a body is not said to be of a type. */
export function requireJsonType({ headers }: BodyStream, wanted: RegExp): void {
  const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (wanted.test(type)) return;
  throw new MooringError(
    "API_MEDIA_TYPE",
    "the body must be JSON; send it with Content-Type: application/json",
  );
}

/** The chunks of a body. Throws an AbortError when its client leaves in the middle. */
export async function* untilGone(request: BodyStream): AsyncIterable<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const isGone = error instanceof Error && "code" in error && error.code === "ECONNRESET";
    throw isGone
      ? Object.assign(new DOMException("the client has gone", "AbortError"), { cause: error })
      : error;
  }
}

/** The JSON value of a body; undefined when there is none. Throws API_INVALID_ARGUMENT. */
export function parseBody(body: Buffer): JsonValue | undefined {
  if (body.byteLength === 0) return undefined;
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw new MooringError("API_INVALID_ARGUMENT", "the body is not JSON in UTF-8; correct it", {
      cause: error,
    });
  }
}
