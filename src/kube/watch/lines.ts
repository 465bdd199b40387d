import { MooringError } from "#core/errors/index.ts";

/** Cuts a byte stream into lines of UTF-8 text. Throws KUBE_TOO_LARGE for a line longer than its limit. */
export interface LineSplitter {
  /** The lines that this chunk completes, without their line feeds. */
  push(chunk: Uint8Array): readonly string[];
}

const lineFeed = 10;

export function createLineSplitter(maxBytes: number): LineSplitter {
  // Bytes, not text, are kept between chunks: a chunk may end inside a character.
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  const keep = (bytes: Uint8Array): void => {
    kept.push(bytes);
    keptBytes += bytes.length;
    if (keptBytes > maxBytes) {
      throw new MooringError("KUBE_TOO_LARGE", `a watch event is larger than ${maxBytes} bytes`);
    }
  };
  const take = (): string => {
    const [only] = kept;
    const line = kept.length === 1 && only !== undefined ? only : Buffer.concat(kept, keptBytes);
    kept = [];
    keptBytes = 0;
    return Buffer.from(line.buffer, line.byteOffset, line.length).toString("utf8");
  };
  return {
    push: (chunk) => {
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        keep(chunk.subarray(start, end));
        lines.push(take());
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
      return lines;
    },
  };
}
