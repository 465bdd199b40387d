import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import { sleepBy } from "#test/fixtures/sleep-by.ts";

/** The system's time, which can be made to leap: what was due meanwhile comes at once. */
export interface LeapingClock extends Clock {
  leap(ms: number): void;
}

interface Alarm {
  readonly dueMs: number;
  readonly ring: () => void;
  timer: Disposable;
}

export function createLeapingClock(): LeapingClock {
  let leaptMs = 0;
  const alarms = new Set<Alarm>();
  const now = () => systemClock.now() + leaptMs;
  const arm = (alarm: Omit<Alarm, "timer">): Disposable =>
    systemClock.after(Math.max(0, alarm.dueMs - now()), alarm.ring);
  const after = (ms: number, callback: () => void): Disposable => {
    const ring = () => {
      alarms.delete(alarm);
      callback();
    };
    const dueMs = now() + ms;
    const alarm: Alarm = { dueMs, ring, timer: arm({ dueMs, ring }) };
    alarms.add(alarm);
    return {
      [Symbol.dispose]: () => {
        alarms.delete(alarm);
        alarm.timer[Symbol.dispose]();
      },
    };
  };
  return {
    now,
    after,
    sleep: sleepBy(after),
    leap: (ms) => {
      leaptMs += ms;
      for (const alarm of alarms) {
        alarm.timer[Symbol.dispose]();
        alarm.timer = arm(alarm);
      }
    },
  };
}
