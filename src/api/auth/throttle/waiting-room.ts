import { MooringError } from "#core/errors/index.ts";
import { abortErrorOf, throwIfAborted } from "#runtime/abort.ts";

export interface WaitingRoomOptions {
  readonly maxWaiting: number;
  /** Of them with the same key. */
  readonly maxWaitingPerKey: number;
}

interface Wait<Result> {
  readonly key: string;
  /** Undefined while it cannot be had yet; throws when it never can. */
  readonly attempt: () => Result | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Those who wait for something that others have now, in the order in which they came. */
export class WaitingRoom<Result> {
  readonly #options: WaitingRoomOptions;
  readonly #waiting = new Set<Wait<Result>>();
  readonly #byKey = new Map<string, number>();

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  /** Waits until an attempt gives something. Throws what the attempt throws, API_THROTTLED when too many wait, and AbortError. */
  async wait(key: string, attempt: () => Result | undefined, signal: AbortSignal): Promise<Result> {
    throwIfAborted(signal);
    const before = this.#byKey.get(key) ?? 0;
    const { maxWaiting, maxWaitingPerKey } = this.#options;
    if (this.#waiting.size >= maxWaiting || before >= maxWaitingPerKey) throw tooMany();
    this.#byKey.set(key, before + 1);
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const wait = { key, attempt, resolve, reject };
    this.#waiting.add(wait);
    const onAbort = () => {
      this.#leave(wait);
      reject(abortErrorOf(signal));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Lets everybody try again, who came first before the others. */
  wake(): void {
    for (const wait of this.#waiting) {
      try {
        const result = wait.attempt();
        if (result === undefined) continue;
        wait.resolve(result);
      } catch (error) {
        wait.reject(error);
      }
      this.#leave(wait);
    }
  }

  #leave(wait: Wait<Result>): void {
    if (!this.#waiting.delete(wait)) return;
    const left = (this.#byKey.get(wait.key) ?? 1) - 1;
    if (left === 0) this.#byKey.delete(wait.key);
    else this.#byKey.set(wait.key, left);
  }
}

function tooMany(): MooringError {
  return new MooringError("API_THROTTLED", "too many people log in at once; try again in some seconds", {
    retryAfterMs: 5_000,
  });
}
