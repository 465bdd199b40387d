export interface BackoffOptions {
  readonly baseMs: number;
  readonly factor: number;
  readonly maxMs: number;
  /** Share of the delay that is random, 0 to 1: many clients must not come back at the same moment. */
  readonly jitter: number;
}

/** The delay before try number `attempt` (0 is the first retry). `random` gives numbers from 0 to 1. */
export function backoffDelay(attempt: number, options: BackoffOptions, random: () => number): number {
  const full = Math.min(options.maxMs, options.baseMs * options.factor ** Math.min(attempt, 64));
  return Math.round(full * (1 - options.jitter * random()));
}
