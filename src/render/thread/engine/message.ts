import type { JsonValue } from "#core/object/index.ts";

const lengthBytes = 4;

/** A header and a body as one message (docs/spec/render-engine.md). */
export interface Message {
  readonly header: JsonValue;
  readonly body: Uint8Array;
}

export function encodeMessage(header: object, body: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(JSON.stringify(header));
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

/** The body shares memory with the message. Throws RangeError when the message is cut short. */
export function decodeMessage(message: Uint8Array): Message {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const end = lengthBytes + view.getUint32(0, true);
  if (end > message.length) throw new RangeError("message is shorter than its header says");
  const header = JSON.parse(Buffer.from(message.subarray(lengthBytes, end)).toString()) as JsonValue;
  return { header, body: message.subarray(end) };
}
