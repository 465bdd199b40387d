import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import { runWorkers } from "./run-workers.ts";
import { WorkQueue } from "./work-queue.ts";

const backoff = { baseMs: 1, factor: 2, maxMs: 4, jitter: 0 };
const never = new AbortController().signal;

function manualClock(): Clock & { advance(ms: number): void } {
  let now = 0;
  let timers: { due: number; callback: () => void }[] = [];
  return {
    now: () => now,
    sleep: () => Promise.resolve(),
    after: (ms, callback) => {
      const timer = { due: now + ms, callback };
      timers.push(timer);
      return {
        [Symbol.dispose]: () => {
          timers = timers.filter((other) => other !== timer);
        },
      };
    },
    advance: (ms) => {
      now += ms;
      const due = timers.filter((timer) => timer.due <= now);
      timers = timers.filter((timer) => timer.due > now);
      for (const timer of due) timer.callback();
    },
  };
}

describe("work queue", () => {
  it("gives a key once however often it was added", async () => {
    const queue = new WorkQueue<string>({ clock: systemClock, backoff });
    queue.add("a");
    queue.add("a");
    queue.add("b");
    expect([await queue.next(never), await queue.next(never), queue.length]).toEqual(["a", "b", 0]);
  });

  it("gives a key again after it was added while being worked on", async () => {
    const queue = new WorkQueue<string>({ clock: systemClock, backoff });
    queue.add("a");
    await queue.next(never);
    queue.add("a");
    expect(queue.length).toBe(0);
    queue.done("a");
    expect(await queue.next(never)).toBe("a");
  });

  it("gives what somebody waits for before what was added without haste", async () => {
    const queue = new WorkQueue<string>({ clock: systemClock, backoff });
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    queue.addUrgent("c");
    queue.addUrgent("e");
    queue.addUrgent("c");
    expect(queue.length).toBe(5);
    const taken = [await queue.next(never), await queue.next(never)];
    queue.add("c");
    queue.addUrgent("c");
    queue.done("c");
    while (queue.length > 0) taken.push(await queue.next(never));
    expect(taken).toEqual(["c", "e", "c", "a", "b", "d"]);
  });

  it("keeps the earlier of two delays", () => {
    const clock = manualClock();
    const queue = new WorkQueue<string>({ clock, backoff });
    queue.addAfter("a", 10);
    queue.addAfter("a", 50);
    clock.advance(10);
    expect(queue.length).toBe(1);
  });

  it("waits longer after each failure, up to the limit, and starts anew once forgotten", async () => {
    const clock = manualClock();
    const queue = new WorkQueue<string>({ clock, backoff });
    const delayOfRetry = async () => {
      queue.retry("a");
      const start = clock.now();
      while (queue.length === 0) clock.advance(1);
      queue.done(await queue.next(never));
      return clock.now() - start;
    };
    const delays = [await delayOfRetry(), await delayOfRetry(), await delayOfRetry(), await delayOfRetry()];
    queue.forget("a");
    expect([...delays, await delayOfRetry()]).toEqual([1, 2, 4, 4, 1]);
  });

  it("never works on one key twice at the same time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }), async (keys) => {
        const queue = new WorkQueue<number>({ clock: systemClock, backoff });
        const stop = new AbortController();
        const busy = new Set<number>();
        const seen = new Set<number>();
        const workers = runWorkers({
          queue,
          concurrency: 4,
          signal: stop.signal,
          onError: (_, error) => {
            throw error;
          },
          reconcile: async (key) => {
            if (busy.has(key)) throw new Error(`key ${key} worked on twice at once`);
            busy.add(key);
            await Promise.resolve();
            seen.add(key);
            busy.delete(key);
            return { kind: "settled" };
          },
        });
        for (const key of keys) {
          queue.add(key);
          if (key === 0) await Promise.resolve();
        }
        while (!queue.idle) await new Promise((resolve) => setImmediate(resolve));
        stop.abort();
        await workers;
        expect(seen).toEqual(new Set(keys));
      }),
      { numRuns: 50 },
    );
  });

  it("ends its workers when the signal aborts", async () => {
    const queue = new WorkQueue<string>({ clock: systemClock, backoff });
    const stop = new AbortController();
    const workers = runWorkers({
      queue,
      concurrency: 2,
      signal: stop.signal,
      onError: () => undefined,
      reconcile: () => Promise.resolve({ kind: "stalled" }),
    });
    stop.abort();
    await expect(workers).resolves.toBeUndefined();
  });
});

describe("what waits the longest", () => {
  it("counts since it was added, urgent or not, and no more once it is taken", async () => {
    const clock = manualClock();
    const queue = new WorkQueue<string>({ clock, backoff });
    expect(queue.oldestSinceMs).toBeUndefined();
    clock.advance(5);
    queue.add("a");
    clock.advance(5);
    queue.add("b");
    queue.add("a");
    queue.addUrgent("b");
    expect(queue.oldestSinceMs).toBe(5);
    queue.addUrgent("a");
    expect(await queue.next(never)).toBe("b");
    expect(queue.oldestSinceMs).toBe(5);
    expect(await queue.next(never)).toBe("a");
    expect(queue.oldestSinceMs).toBeUndefined();
  });
});
