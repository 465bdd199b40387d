import { sleepBy } from "#test/fixtures/sleep-by.ts";
import type { Clock } from "#runtime/clock.ts";

/** Time that stands still while anything is done and leaps to the next alarm when nothing is. */
export interface VirtualClock extends Clock {
  /** Lets time pass until `untilMs`, with everything that follows from what is due on the way. */
  run(untilMs: number): Promise<void>;
  /** The clock of one machine, whose time may be wrong and whose alarms end with it. */
  machine(): MachineClock;
}

export interface MachineClock extends Clock {
  /** Its time is another one from now on; alarms still come after the time that they were set for. */
  jump(ms: number): void;
  /** Nothing that was waited for ever comes. */
  stop(): void;
  /** Milliseconds that pass whatever its time is set to. */
  elapsedMs(): number;
}

interface Alarm {
  readonly dueMs: number;
  /** Which of those that are due together was set first. */
  readonly number: number;
  readonly ring: () => void;
  isOff: boolean;
}

/** `startMs` since the Unix epoch. */
export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  let count = 0;
  const alarms = new AlarmHeap();
  const set = (ms: number, ring: () => void): Disposable => {
    // As the system's, it knows whole milliseconds only.
    const alarm: Alarm = {
      dueMs: nowMs + Math.max(0, Math.ceil(ms)),
      number: (count += 1),
      ring,
      isOff: false,
    };
    alarms.push(alarm);
    return {
      [Symbol.dispose]: () => {
        alarm.isOff = true;
      },
    };
  };
  const clockFrom = (now: () => number, after: Clock["after"]): Clock => ({
    now,
    after,
    sleep: sleepBy(after),
  });
  return {
    ...clockFrom(() => nowMs, set),
    run: async (untilMs) => {
      await settle(() => count);
      for (let next = alarms.first(untilMs); next !== undefined; next = alarms.first(untilMs)) {
        nowMs = Math.max(nowMs, next.dueMs);
        for (const alarm of alarms.takeDue(nowMs)) if (!alarm.isOff) alarm.ring();
        await settle(() => count);
      }
      nowMs = Math.max(nowMs, untilMs);
    },
    machine: () => {
      let offsetMs = 0;
      let isStopped = false;
      const after: Clock["after"] = (ms, callback) =>
        set(ms, () => {
          if (!isStopped) callback();
        });
      return {
        ...clockFrom(() => nowMs + offsetMs, after),
        jump: (ms) => {
          offsetMs += ms;
        },
        stop: () => {
          isStopped = true;
        },
        elapsedMs: () => nowMs,
      };
    },
  };
}

/** Turns of the event loop in which nothing new is waited for: then everything waits for time to pass. */
const quietTurns = 3;

/** Resolves when whatever can be done now is done. Nothing here waits for anything outside of the process. */
async function settle(activity: () => number): Promise<void> {
  for (let quiet = 0; quiet < quietTurns; quiet += 1) {
    const before = activity();
    await new Promise((resolve) => void setImmediate(resolve));
    if (activity() !== before) quiet = -1;
  }
}

/** A binary heap of alarms: the one that is due first is at its top. */
class AlarmHeap {
  readonly #heap: Alarm[] = [];

  push(alarm: Alarm): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, alarm)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = alarm;
  }

  /** The next alarm that is not off, if it is due by then. */
  first(untilMs: number): Alarm | undefined {
    while (this.#heap[0]?.isOff === true) this.#pop();
    const [first] = this.#heap;
    return first !== undefined && first.dueMs <= untilMs ? first : undefined;
  }

  takeDue(nowMs: number): readonly Alarm[] {
    const due: Alarm[] = [];
    for (let next = this.first(nowMs); next !== undefined; next = this.first(nowMs)) {
      this.#pop();
      due.push(next);
    }
    return due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const child = this.#firstChild(at);
      const below = heap[child];
      if (below === undefined || isBefore(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }

  #firstChild(at: number): number {
    const left = 2 * at + 1;
    const [a, b] = [this.#heap[left], this.#heap[left + 1]];
    return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
  }
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.number < b.number);
}
