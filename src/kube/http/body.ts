import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import type { HttpResponse } from "./transport.ts";

const gunzipAsync = promisify(gunzip);

/** The whole body, decompressed. Throws KUBE_TOO_LARGE beyond maxBytes, compressed or not, and reads no further. */
export async function readBody(response: HttpResponse, maxBytes: number): Promise<Buffer> {
  const bytes = await collect(response.body, maxBytes);
  if (response.headers["content-encoding"] !== "gzip") return bytes;
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes, error);
    throw error;
  }
}

function collect(body: Readable, maxBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let length = 0;
  body.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) body.destroy(tooLarge(maxBytes));
    else chunks.push(chunk);
  });
  body.on("error", reject);
  let isWhole = false;
  body.on("end", () => {
    isWhole = true;
    const [only] = chunks;
    resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length));
  });
  body.on("close", () => {
    if (isWhole) return;
    reject(Object.assign(new Error("the answer ended early"), { code: "ECONNRESET" }));
  });
  return promise;
}

/** The JSON value of a text; undefined when it is not JSON. */
export function parseJsonText(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function tooLarge(maxBytes: number, cause?: unknown): MooringError {
  return new MooringError("KUBE_TOO_LARGE", `the API server's answer is larger than ${maxBytes} bytes`, {
    cause,
  });
}
