import type { Clock } from "#runtime/clock.ts";

export interface BudgetOptions {
  /** How many units are there at first. */
  readonly limit: number;
  /** In which time an empty budget is full again; it fills evenly. */
  readonly windowMs: number;
  /** How many keys are counted at the same time. */
  readonly maxKeys: number;
  readonly clock: Pick<Clock, "now">;
}

/** `uncounted`: there is no place for another key, so the caller must count it elsewhere. */
type Taken = "taken" | "spent" | "uncounted";

interface Used {
  units: number;
  atMs: number;
}

/**
 * Units by key that come back with time. Whatever is counted stays until it has come back: a flood of keys cannot push out others,
 * it only finds no place itself.
 */
export class FailureBudget {
  readonly #options: BudgetOptions;
  readonly #used = new Map<string, Used>();
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#used.size;
  }

  /** Takes a unit before it is known whether it was a failure, so that attempts at the same time cannot all pass. */
  take(key: string): Taken {
    const used = this.#refilled(key);
    if (used === undefined) {
      if (!this.#hasPlace()) return "uncounted";
      this.#used.set(key, { units: 1, atMs: this.#options.clock.now() });
      return "taken";
    }
    if (used.units + 1 > this.#options.limit) return "spent";
    used.units += 1;
    return "taken";
  }

  /** It was none. */
  giveBack(key: string): void {
    const used = this.#used.get(key);
    if (used === undefined) return;
    used.units -= 1;
    if (used.units <= 0) this.#used.delete(key);
  }

  forget(key: string): void {
    this.#used.delete(key);
  }

  /** How long until there is a unit again. */
  waitMs(key: string): number {
    const { limit, windowMs } = this.#options;
    const units = this.#refilled(key)?.units ?? 0;
    return Math.max(0, Math.ceil(((units + 1 - limit) * windowMs) / limit));
  }

  #refilled(key: string): Used | undefined {
    const used = this.#used.get(key);
    if (used === undefined) return undefined;
    const { limit, windowMs, clock } = this.#options;
    const now = clock.now();
    // A clock that was set back gives nothing back and takes nothing.
    const passedMs = Math.max(0, now - used.atMs);
    used.units -= (passedMs * limit) / windowMs;
    used.atMs = now;
    if (used.units > 0) return used;
    this.#used.delete(key);
    return undefined;
  }

  /** Looks through all keys at most ten times in a window, or a flood would make every attempt cost that. */
  #hasPlace(): boolean {
    const { maxKeys, windowMs, clock } = this.#options;
    if (this.#used.size < maxKeys) return true;
    const now = clock.now();
    if (Math.abs(now - this.#sweptMs) < windowMs / 10) return false;
    this.#sweptMs = now;
    for (const key of this.#used.keys()) this.#refilled(key);
    return this.#used.size < maxKeys;
  }
}
