import type { Unpacked } from "./unpack.ts";

/** Trees that were used last, as far as their bytes fit. What somebody still reads lives on without it. */
export class TreeCache {
  readonly #trees = new Map<string, Unpacked>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): Unpacked | undefined {
    const found = this.#trees.get(key);
    if (found === undefined) return undefined;
    this.#trees.delete(key);
    this.#trees.set(key, found);
    return found;
  }

  add(key: string, unpacked: Unpacked): void {
    if (unpacked.bytes > this.#maxBytes || this.#trees.has(key)) return;
    this.#trees.set(key, unpacked);
    this.#bytes += unpacked.bytes;
    for (const [oldest, { bytes }] of this.#trees) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#trees.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
