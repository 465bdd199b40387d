import type { Clock } from "#runtime/clock.ts";
import type { ObjectReader } from "./object-reader.ts";

/** Keeps the number of `git cat-file` processes bounded: idle ones end after a while, and the longest idle one when there are too many. */
export class ReaderPool {
  readonly #clock: Clock;
  readonly #maxReaders: number;
  readonly #idleMs: number;
  readonly #used = new Map<ObjectReader, number>();
  #timer: Disposable | undefined;

  constructor(options: { readonly clock: Clock; readonly maxReaders: number; readonly idleMs: number }) {
    this.#clock = options.clock;
    this.#maxReaders = options.maxReaders;
    this.#idleMs = options.idleMs;
  }

  /** Notes that a reader was just used. */
  use(reader: ObjectReader): void {
    this.#used.delete(reader);
    this.#used.set(reader, this.#clock.now());
    for (const other of this.#used.keys()) {
      if (this.#used.size <= this.#maxReaders) break;
      if (other !== reader && !other.busy) this.#release(other);
    }
    this.#timer ??= this.#clock.after(this.#idleMs, () => this.#endIdle());
  }

  #endIdle(): void {
    this.#timer = undefined;
    const oldest = this.#clock.now() - this.#idleMs;
    for (const [reader, usedMs] of this.#used) {
      if (usedMs <= oldest && !reader.busy) this.#release(reader);
    }
    if (this.#used.size > 0) this.#timer = this.#clock.after(this.#idleMs, () => this.#endIdle());
  }

  #release(reader: ObjectReader): void {
    this.#used.delete(reader);
    reader.release();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#used.clear();
  }
}
