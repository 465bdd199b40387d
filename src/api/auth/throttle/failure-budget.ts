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

/**
 * `spent`: there were too many failures. `busy`: there will be, if all attempts that are being made fail. `uncounted`: there is no place
 * for another key, so the caller must count it elsewhere.
 */
export type Taken = "taken" | "spent" | "busy" | "uncounted";

interface Used {
  failures: number;
  /** Attempts that may yet be failures. */
  running: number;
  atMs: number;
}

/**
 * Failures by key that are forgiven with time. Whatever is counted stays until then: a flood of keys cannot push out others, it only
 * finds no place itself.
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

  /** Takes a unit for an attempt that is begun, so that attempts at the same time cannot all pass. It ends with `fail` or `giveBack`. */
  take(key: string): Taken {
    const { limit, clock } = this.#options;
    const used = this.#refilled(key);
    if (used === undefined) {
      if (!this.#hasPlace()) return "uncounted";
      this.#used.set(key, { failures: 0, running: 1, atMs: clock.now() });
      return "taken";
    }
    if (used.failures + 1 > limit) return "spent";
    if (used.failures + used.running + 1 > limit) return "busy";
    used.running += 1;
    return "taken";
  }

  /** Takes a unit for what is one already, whatever comes of it. */
  spend(key: string): Taken {
    const taken = this.take(key);
    if (taken === "taken") this.fail(key);
    return taken;
  }

  /** The attempt was a failure. */
  fail(key: string): void {
    const used = this.#refilled(key);
    if (used === undefined) return;
    used.running -= 1;
    used.failures += 1;
  }

  /** It was none. */
  giveBack(key: string): void {
    const used = this.#refilled(key);
    if (used === undefined) return;
    used.running -= 1;
    this.#refilled(key);
  }

  /** Forgives the failures; attempts that are being made stay counted. */
  forgive(key: string): void {
    const used = this.#refilled(key);
    if (used === undefined) return;
    used.failures = 0;
    this.#refilled(key);
  }

  /** How long until an attempt may fail again. */
  waitMs(key: string): number {
    const { limit, windowMs } = this.#options;
    const failures = this.#refilled(key)?.failures ?? 0;
    return Math.max(0, Math.ceil(((failures + 1 - limit) * windowMs) / limit));
  }

  #refilled(key: string): Used | undefined {
    const used = this.#used.get(key);
    if (used === undefined) return undefined;
    const { limit, windowMs, clock } = this.#options;
    const now = clock.now();
    // A clock that was set back gives nothing back and takes nothing.
    const passedMs = Math.max(0, now - used.atMs);
    used.failures = Math.max(0, used.failures - (passedMs * limit) / windowMs);
    used.atMs = now;
    if (used.failures > 0 || used.running > 0) return used;
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
