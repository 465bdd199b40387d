import { throwIfAborted, waitOrAbort } from "./abort.ts";

/**
 * One piece of work that many callers wait for. It is cancelled when the last of them has gone, because nobody wants its
 * result any more: a huge fetch for a deleted application would hold its repository for nothing.
 */
export class SharedWork<T> {
  readonly #controller = new AbortController();
  readonly #work: Promise<T>;
  #waiting = 0;
  #settled = false;

  constructor(run: (signal: AbortSignal) => Promise<T>, storeSignal: AbortSignal) {
    this.#work = run(AbortSignal.any([storeSignal, this.#controller.signal])).finally(() => {
      this.#settled = true;
    });
    // Every caller sees the failure through join; without this a failure after the last one left would be unhandled.
    this.#work.catch(() => undefined);
  }

  /** True once nobody waits any more; such work must not be joined. */
  get cancelled(): boolean {
    return this.#controller.signal.aborted;
  }

  /** The result; rejects with AbortError when this caller's signal aborts. */
  async join(signal: AbortSignal): Promise<T> {
    throwIfAborted(signal);
    this.#waiting += 1;
    try {
      return await waitOrAbort(this.#work, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#settled) this.#controller.abort();
    }
  }
}
