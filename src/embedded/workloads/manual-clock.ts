import type { Clock } from "#runtime/clock.ts";

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
  isDisposed: boolean;
}

/** Time that passes when a test says so. */
export interface ManualClock extends Clock {
  /** Lets time pass, and what is due on the way happen in its order. */
  advance(ms: number): void;
}

/** `startMs` since the Unix epoch. */
export function manualClock(startMs: number): ManualClock {
  let now = startMs;
  const timers: Timer[] = [];
  const after = (ms: number, callback: () => void): Disposable => {
    const timer: Timer = { dueMs: now + ms, callback, isDisposed: false };
    timers.splice(placeOf(timers, timer.dueMs), 0, timer);
    return {
      [Symbol.dispose]: () => {
        timer.isDisposed = true;
      },
    };
  };
  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = timers.at(-1);
        if (next === undefined || next.dueMs > end) break;
        timers.pop();
        if (next.isDisposed) continue;
        now = Math.max(now, next.dueMs);
        next.callback();
      }
      now = end;
    },
  };
}

/** Latest first; of those that are due together the one that was set last is first, so that the end is what comes next. */
function placeOf(timers: readonly Timer[], dueMs: number): number {
  let [low, high] = [0, timers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timers[middle]?.dueMs ?? 0) > dueMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
