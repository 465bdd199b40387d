/** Lets at most `size` pieces of work run at the same time; the others wait in order, continuations before what has not begun. */
export class Semaphore {
  #free: number;
  readonly #beginning: (() => void)[] = [];
  readonly #continuing: (() => void)[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** Runs the work when a slot is free; rejects with the signal's reason when it aborts before that. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#run(work, this.#beginning, signal);
  }

  /** The same for the next part of something that began: it ends before more is begun. */
  async continue<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#run(work, this.#continuing, signal);
  }

  async #run<T>(work: () => Promise<T>, waiting: (() => void)[], signal: AbortSignal): Promise<T> {
    await this.#acquire(waiting, signal);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  async #acquire(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => {
      const at = waiting.indexOf(resolve);
      // Already handed a slot: keep it, the work will see the signal itself.
      if (at < 0) return;
      waiting.splice(at, 1);
      reject(signal.reason);
    };
    waiting.push(resolve);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #release(): void {
    const next = this.#continuing.shift() ?? this.#beginning.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
