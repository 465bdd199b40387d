import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { MooringError } from "#core/errors/index.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";
import type { HttpAnswer } from "./http-client.ts";
import { codeOf } from "./network-error.ts";

export interface BodyLimit {
  readonly maxBytes: number;
  readonly subject: Subject;
  /** Such as `the index`. */
  readonly what: string;
}

function tooLarge({ maxBytes, subject, what }: BodyLimit): MooringError {
  const text = `${what} has more than the ${maxBytes} bytes that are allowed; make it smaller or raise the limit`;
  return chartError("CHART_TOO_LARGE", subject, { text });
}

/** The body as it comes, decompressed where the server says so, up to the limit and no byte further. */
async function* limited(answer: HttpAnswer, limit: BodyLimit): AsyncGenerator<Buffer> {
  if (Number(answer.headers["content-length"] ?? 0) > limit.maxBytes) throw tooLarge(limit);
  let length = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit.maxBytes) throw tooLarge(limit);
    yield chunk;
  }
}

/** The whole body as it was sent; throws CHART_TOO_LARGE before more than `maxBytes` are held. */
export async function readBody(answer: HttpAnswer, limit: BodyLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of limited(answer, limit)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a body that may be compressed on its way through a transform, chunk by chunk; the limit is on what it is uncompressed. */
export async function pipeBody(
  answer: HttpAnswer,
  limit: BodyLimit,
  to: NodeJS.ReadWriteStream & Readable,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const count = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > limit.maxBytes) throw tooLarge(limit);
      yield chunk;
    }
  };
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) chunks.push(chunk);
  };
  const encoding = answer.headers["content-encoding"] ?? "identity";
  if (encoding === "gzip") {
    const gunzip = createGunzip();
    let broken = false;
    gunzip.once("error", (error) => (broken = codeOf(error).startsWith("Z_")));
    try {
      await pipeline(limited(answer, limit), gunzip, count, to, collect);
    } catch (error) {
      if (!broken) throw error;
      const text = `${limit.what} is damaged: it says that it is gzip and is not`;
      throw chartError("CHART_INVALID", limit.subject, { text, cause: error });
    }
  } else if (encoding === "identity") await pipeline(limited(answer, limit), to, collect);
  else {
    const text = `${limit.what} comes with content encoding ${JSON.stringify(encoding.slice(0, 20))}, which was not asked for; configure the server`;
    throw chartError("CHART_INVALID", limit.subject, { text });
  }
  return Buffer.concat(chunks);
}
