import { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { createGzip, constants } from "node:zlib";
import { ClientGone } from "../body/read-body.ts";
import { type Exchange, headerOf } from "../exchange.ts";
import { setWarnings } from "./warnings.ts";

// As kube-apiserver: smaller bodies are not worth it.
const gzipThresholdBytes = 128 * 1024;
const chunkBytes = 64 * 1024;

export interface AnswerHead {
  readonly status: number;
  readonly contentType: string;
}

/** A whole small answer. */
export function sendText(exchange: Exchange, head: AnswerHead, text: string): void {
  const { response } = exchange;
  const body = Buffer.from(text);
  setHead(exchange, head);
  response.setHeader("content-length", body.length);
  if (exchange.method === "HEAD") response.end();
  else response.end(body);
}

/**
 * An answer in parts, which are asked for only as fast as the client reads; compressed when it is large and the client agrees.
 * Throws ClientGone when the client leaves or stands still.
 */
export async function sendParts(
  exchange: Exchange,
  head: AnswerHead,
  parts: Iterable<string>,
): Promise<void> {
  const chunks = chunked(parts);
  const { buffered, rest } = await readAhead(chunks);
  if (rest === undefined) return sendText(exchange, head, buffered.join(""));
  const { response, method } = exchange;
  setHead(exchange, head);
  if (method !== "HEAD") await sendBody(exchange, joined(buffered, rest));
  response.end();
}

async function sendBody(exchange: Exchange, chunks: Iterable<string>): Promise<void> {
  if (!acceptsGzip(exchange)) {
    for (const chunk of chunks) await writeChunk(exchange, chunk);
    return;
  }
  exchange.response.setHeader("content-encoding", "gzip");
  exchange.response.appendHeader("vary", "Accept-Encoding");
  const gzip = Readable.from(chunks).pipe(createGzip({ level: constants.Z_BEST_SPEED }));
  for await (const chunk of gzip) await writeChunk(exchange, chunk as Buffer);
}

async function readAhead(chunks: Iterator<string>): Promise<{ buffered: string[]; rest?: Iterator<string> }> {
  const buffered: string[] = [];
  let length = 0;
  while (length <= gzipThresholdBytes) {
    const next = chunks.next();
    if (next.done === true) return { buffered };
    buffered.push(next.value);
    length += next.value.length;
  }
  return { buffered, rest: chunks };
}

function* joined(first: readonly string[], rest: Iterator<string>): Generator<string> {
  yield* first;
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value;
}

function* chunked(parts: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const part of parts) {
    chunk += part;
    if (chunk.length < chunkBytes) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

/** Resolves when more may be written. */
export async function writeChunk(exchange: Exchange, chunk: string | Uint8Array): Promise<void> {
  if (exchange.isGone()) throw new ClientGone("the client left");
  const { response } = exchange;
  if (!(response as NodeJS.WritableStream).write(chunk)) await drained(exchange);
}

async function drained({ response, clock, stallTimeoutMs }: Exchange): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onClose = (): void => reject(new ClientGone("the client left"));
  response.once("drain", resolve).once("close", onClose);
  const timer = clock.after(stallTimeoutMs, () => {
    response.destroy();
    reject(new ClientGone("the client does not read"));
  });
  try {
    await promise;
  } finally {
    timer[Symbol.dispose]();
    response.off("drain", resolve).off("close", onClose);
  }
}

export function setHead(exchange: Exchange, { status, contentType }: AnswerHead): void {
  const { response } = exchange;
  response.statusCode = status;
  response.setHeader("content-type", contentType);
  setWarnings(exchange);
}

/** Sends the head of an answer whose body comes later, or never. */
export function flushHead({ response }: Exchange): void {
  if (response instanceof ServerResponse) response.flushHeaders();
  else response.writeHead(response.statusCode);
}

function acceptsGzip(exchange: Exchange): boolean {
  const encodings = headerOf(exchange, "accept-encoding") ?? "";
  return encodings.split(",").some((token) => token.trim() === "gzip");
}
