import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** What the render engine and its host tell each other (docs/spec/render-engine.md): a JSON header and a body of bytes. */
export interface EngineMessage {
  readonly header: JsonObject;
  readonly body: Uint8Array;
}

const lengthBytes = 4;

export function encodeMessage(header: object, ...body: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = body.reduce((sum, part) => sum + part.length, lengthBytes + text.length);
  const message = new Uint8Array(size);
  new DataView(message.buffer).setUint32(0, text.length, true);
  message.set(text, lengthBytes);
  let at = lengthBytes + text.length;
  for (const part of body) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}

/** A question names up to 32 paths of at most 4096 bytes, which JSON may write six times as long. */
const maxQuestionBytes = 1024 * 1024;

/** The header of a question of the engine. Throws RENDER_TOO_LARGE for one that a chart or a kustomization has blown up. */
export function decodeQuestion(message: Uint8Array): JsonObject {
  if (message.length > maxQuestionBytes) {
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `a path or an address of more than ${maxQuestionBytes} bytes is asked for; look for one that is generated, and shorten it`,
    );
  }
  return decodeMessage(message, maxQuestionBytes).header;
}

/** The body shares memory with the message. Throws when the bytes are no message or the header is larger than the limit. */
export function decodeMessage(message: Uint8Array, maxHeaderBytes: number): EngineMessage {
  const { buffer, byteOffset, length } = message;
  const headerBytes = length < lengthBytes ? -1 : new DataView(buffer, byteOffset).getUint32(0, true);
  const end = lengthBytes + headerBytes;
  if (headerBytes < 0 || end > length || headerBytes > maxHeaderBytes) {
    throw new Error("the render engine sent no message");
  }
  const header: unknown = JSON.parse(new TextDecoder().decode(message.subarray(lengthBytes, end)));
  if (!isJsonObject(header)) throw new Error("the render engine sent no header");
  return { header, body: message.subarray(end) };
}
