import { MooringError } from "#core/errors/index.ts";

/** Cuts a byte stream into lines of UTF-8 text. */
export interface LineSplitter {
  /** The lines that this chunk completes, without their line feeds. Throws KUBE_TOO_LARGE for a line longer than its limit. */
  push(chunk: Uint8Array): readonly string[];
  /** What came after the last line feed; undefined when there was nothing. */
  end(): string | undefined;
}

interface SplitterOptions {
  /** Lines that are too long lose their ends, where otherwise they are an error. */
  readonly cutsLines?: boolean;
}

const lineFeed = 10;

export function createLineSplitter(
  maxBytes: number,
  { cutsLines = false }: SplitterOptions = {},
): LineSplitter {
  // Bytes, not text, are kept between chunks: a chunk may end inside a character.
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  const keep = (bytes: Uint8Array): void => {
    const room = maxBytes - keptBytes;
    if (bytes.length > room && !cutsLines) {
      throw new MooringError("KUBE_TOO_LARGE", `a watch event is larger than ${maxBytes} bytes`);
    }
    const part = bytes.length > room ? bytes.subarray(0, room) : bytes;
    kept.push(part);
    keptBytes += part.length;
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
    end: () => (keptBytes === 0 ? undefined : take()),
  };
}
