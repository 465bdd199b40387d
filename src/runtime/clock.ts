import { setTimeout as sleepFor } from "node:timers/promises";

/** Time as an argument, so that tests and the simulation can drive it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with AbortError when the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back after `ms` unless disposed first; does not keep the process alive. */
  after(ms: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleepFor(ms, undefined, { signal });
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/**
 * Milliseconds since a time that was read from the same clock; without end when the clock was set back behind it, since nobody knows how
 * long that is: what would still hold is asked again, and what waits does not wait for the clock to catch up.
 */
export function msSince(clock: Pick<Clock, "now">, thenMs: number): number {
  const ms = clock.now() - thenMs;
  return ms < 0 ? Number.POSITIVE_INFINITY : ms;
}

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -".000Z".length)}Z`;
}
