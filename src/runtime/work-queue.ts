import type { BackoffOptions } from "./backoff.ts";
import { backoffDelay } from "./backoff.ts";
import type { Clock } from "./clock.ts";

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly backoff: BackoffOptions;
  readonly random?: () => number;
}

interface Waiter {
  readonly resolve: () => void;
}

/**
 * Keys to be worked on. A key is queued at most once, is never given to two workers at a time, and when it is added while
 * being worked on it comes again afterwards. Level-based: only the key travels, never an event.
 */
export class WorkQueue<K> {
  readonly #clock: Clock;
  readonly #backoff: BackoffOptions;
  readonly #random: () => number;
  /** Taken before all others. */
  readonly #urgent = new Map<K, number>();
  /** Since when each waits; the first waits the longest, and so with the urgent. */
  readonly #ready = new Map<K, number>();
  readonly #working = new Set<K>();
  readonly #again = new Set<K>();
  /** Of those, the ones that somebody waits for. */
  readonly #hasty = new Set<K>();
  readonly #delayed = new Map<K, { readonly dueMs: number; readonly timer: Disposable }>();
  readonly #failures = new Map<K, number>();
  readonly #waiters: Waiter[] = [];

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock;
    this.#backoff = options.backoff;
    this.#random = options.random ?? Math.random;
  }

  /** Keys that wait for a worker now; keys with a delay are not counted. */
  get length(): number {
    return this.#urgent.size + this.#ready.size;
  }

  /** Since when the key that waits the longest has waited, in Unix milliseconds; undefined while none waits. */
  get oldestSinceMs(): number | undefined {
    const [urgent] = this.#urgent.values();
    const [ready] = this.#ready.values();
    if (urgent === undefined || ready === undefined) return urgent ?? ready;
    return Math.min(urgent, ready);
  }

  get idle(): boolean {
    return this.length === 0 && this.#working.size === 0;
  }

  add(key: K): void {
    this.#cancelDelay(key);
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    if (this.#ready.has(key) || this.#urgent.has(key)) return;
    this.#ready.set(key, this.#clock.now());
    this.#waiters.shift()?.resolve();
  }

  /** Adds a key that somebody waits for: it comes before those that were added without haste, however many there are. */
  addUrgent(key: K): void {
    this.add(key);
    if (this.#again.has(key)) this.#hasty.add(key);
    const since = this.#ready.get(key);
    if (since === undefined) return;
    this.#ready.delete(key);
    this.#urgent.set(key, since);
  }

  /** Adds the key after a delay; an earlier moment that is already set wins. */
  addAfter(key: K, delayMs: number): void {
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const dueMs = this.#clock.now() + delayMs;
    const known = this.#delayed.get(key);
    if (known !== undefined && known.dueMs <= dueMs) return;
    this.#cancelDelay(key);
    const timer = this.#clock.after(delayMs, () => this.add(key));
    this.#delayed.set(key, { dueMs, timer });
  }

  /** Adds the key again after the jittered backoff of its consecutive failures, or after the delay that is asked for. */
  retry(key: K, atLeastMs = 0): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.max(atLeastMs, backoffDelay(failures, this.#backoff, this.#random)));
  }

  /** Ends the key's history of failures. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /** The next key; the caller must call `done` in a `finally`. Rejects with AbortError when the signal aborts. */
  async next(signal: AbortSignal): Promise<K> {
    for (;;) {
      signal.throwIfAborted();
      const queue = this.#urgent.size > 0 ? this.#urgent : this.#ready;
      const [key] = queue.keys();
      if (key !== undefined) {
        queue.delete(key);
        this.#working.add(key);
        return key;
      }
      await this.#wait(signal);
    }
  }

  done(key: K): void {
    this.#working.delete(key);
    if (!this.#again.delete(key)) return;
    if (this.#hasty.delete(key)) this.addUrgent(key);
    else this.add(key);
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { resolve };
    const onAbort = () => reject(signal.reason);
    this.#waiters.push(waiter);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      const at = this.#waiters.indexOf(waiter);
      if (at >= 0) this.#waiters.splice(at, 1);
      // A worker that was woken and aborted at the same moment must not swallow the wake-up of another.
      if (signal.aborted && this.length > 0) this.#waiters.shift()?.resolve();
    }
  }

  #cancelDelay(key: K): void {
    this.#delayed.get(key)?.timer[Symbol.dispose]();
    this.#delayed.delete(key);
  }
}
