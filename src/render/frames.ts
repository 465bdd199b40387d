import type { Readable, Writable } from "node:stream";
import { MooringError } from "#core/errors/index.ts";

const lengthBytes = 4;

/** Writes a message behind its length. */
export function writeFrame(stream: Writable, message: Uint8Array): void {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(message.length);
  stream.cork();
  stream.write(length);
  stream.write(message);
  stream.uncork();
}

/** The messages of a stream, each behind its length. Throws RENDER_TOO_LARGE before it reads one that is larger. */
export async function* readFrames(stream: Readable, maxBytes: number): AsyncGenerator<Uint8Array> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let wanted = lengthBytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    parts.push(chunk);
    bytes += chunk.length;
    while (bytes >= wanted) {
      const all = Buffer.concat(parts, bytes);
      const end = lengthBytes + all.readUInt32LE();
      if (end - lengthBytes > maxBytes) throw tooLarge(maxBytes);
      wanted = end;
      parts = [all];
      if (bytes < end) break;
      yield new Uint8Array(all.subarray(lengthBytes, end));
      parts = [all.subarray(end)];
      bytes -= end;
      wanted = lengthBytes;
    }
  }
}

function tooLarge(maxBytes: number): MooringError {
  return new MooringError(
    "RENDER_TOO_LARGE",
    `the native render engine's answer is larger than the limit of ${maxBytes} bytes; split the application`,
  );
}
