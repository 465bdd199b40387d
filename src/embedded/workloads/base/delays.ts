import type { Clock } from "#runtime/clock.ts";
import type { StoreKey } from "../../storage/store.ts";

/** For what takes its time: since when objects wait for it. */
export class Delays {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #since = new Map<string, number>();

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Milliseconds that an object still has to wait; it waits from the first time that is asked for it. */
  leftMs(key: StoreKey): number {
    const id = `${key.namespace} ${key.name}`;
    const now = this.#clock.now();
    const since = this.#since.get(id) ?? now;
    const leftMs = since + this.#ms - now;
    if (leftMs > 0) this.#since.set(id, since);
    else this.#since.delete(id);
    return Math.max(0, leftMs);
  }

  /** The object does not wait any more. */
  forget(key: StoreKey): undefined {
    this.#since.delete(`${key.namespace} ${key.name}`);
  }
}
