import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMooringError } from "#core/errors/index.ts";
import type { Admission, LoginAttempt } from "./login-throttle.ts";
import { LoginThrottle } from "./login-throttle.ts";

class TestClock {
  ms = 1_700_000_000_000;
  now(): number {
    return this.ms;
  }
}

const alice = { username: "alice", isKnown: true, deviceId: undefined } as const;
const at = (address: string | undefined, more: Partial<LoginAttempt> = {}): LoginAttempt => ({
  ...alice,
  address,
  ...more,
});

const { signal } = new AbortController();

/** Whether a password would be compared; when it is, it is wrong. */
async function guess(throttle: LoginThrottle, attempt: LoginAttempt): Promise<boolean> {
  try {
    (await throttle.admit(attempt, signal)).failed();
    return true;
  } catch (error) {
    if (isMooringError(error, "API_THROTTLED")) return false;
    throw error;
  }
}

const flooder = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

async function inTurn<Result>(
  count: number,
  one: (n: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let n = 0; n < count; n += 1) results.push(await one(n));
  return results;
}

describe("the login throttle", { timeout: 60_000 }, () => {
  it("takes five wrong passwords from one place, then one a minute", async () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    const tries = await inTurn(8, () => guess(throttle, at("192.0.2.1")));
    expect(tries).toEqual([true, true, true, true, true, false, false, false]);
    clock.ms += 61_000;
    expect(await inTurn(2, () => guess(throttle, at("192.0.2.1")))).toEqual([true, false]);
    expect(await guess(throttle, at("192.0.2.2"))).toBe(true);
  });

  it("says how long to wait, the same for names that are no accounts", async () => {
    for (const isKnown of [true, false]) {
      const throttle = new LoginThrottle(new TestClock());
      await inTurn(5, () => guess(throttle, at("192.0.2.1", { isKnown })));
      await expect(throttle.admit(at("192.0.2.1", { isKnown }), signal)).rejects.toMatchObject({
        code: "API_THROTTLED",
        retryAfterMs: 60_000,
      });
    }
  });

  it("does not try one password on every account from one place", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const tries = await inTurn(100, (n) =>
      guess(throttle, at("192.0.2.1", { username: `user-${n}`, isKnown: n % 2 === 0 })),
    );
    expect(tries.filter(Boolean)).toHaveLength(20);
  });

  it("treats the addresses of one IPv6 network as one place", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const tries = await inTurn(10, (n) => guess(throttle, at(`2001:db8:0:7::${n.toString(16)}`)));
    expect(tries.filter(Boolean)).toHaveLength(5);
    expect(await guess(throttle, at("2001:db8:0:8::1"))).toBe(true);
    expect(await guess(throttle, at("::ffff:192.0.2.9"))).toBe(true);
  });

  // CVE-2024-21652: made-up names pushed the counter of a real one out of the cache.
  // Class: guessing and floods.
  it("forgets no wrong password of an account when made-up names flood it", async () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    for (let n = 0; n < 5; n += 1) await guess(throttle, at("192.0.2.1"));
    for (let n = 0; n < 25_000; n += 1) {
      await guess(throttle, at(flooder(n), { username: `made-up-${n}`, isKnown: false }));
      if (n % 5_000 === 0) expect(await guess(throttle, at("192.0.2.1"))).toBe(false);
    }
    expect(await guess(throttle, at("192.0.2.1"))).toBe(false);
    expect(throttle.size).toBeLessThan(40_000);
  });

  it("takes a bounded number of guesses at an account from all the world, whatever else it is flooded with", async () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    for (let n = 0; n < 25_000; n += 1)
      await guess(throttle, at(flooder(n), { username: `x-${n}`, isKnown: false }));
    let guesses = 0;
    for (let n = 0; n < 20_000; n += 1) guesses += Number(await guess(throttle, at(flooder(n + 100_000))));
    expect(guesses).toBe(30);
  });

  // CVE-2024-21662 and its like: whoever knows a name could lock its owner out.
  // Class: guessing and floods.
  it("locks out neither a device nor a place that has logged in before, whoever else guesses", async () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    (await throttle.admit(at("198.51.100.7"), signal)).succeeded();
    for (let n = 0; n < 25_000; n += 1) await guess(throttle, at(flooder(n)));
    for (let n = 0; n < 30; n += 1) await guess(throttle, at("203.0.113.1"));
    const device = await throttle.admit(at("203.0.113.1", { deviceId: "laptop" }), signal);
    expect(device.lane).toBe("known");
    device.succeeded();
    expect(await guess(throttle, at("198.51.100.7"))).toBe(true);
  });

  it("takes only a few wrong passwords from a stolen device, too", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const tries = await inTurn(50, () => guess(throttle, at("192.0.2.1", { deviceId: "stolen" })));
    expect(tries.filter(Boolean)).toHaveLength(10);
    expect(await guess(throttle, at("192.0.2.1", { deviceId: "another" }))).toBe(true);
  });

  it("compares at the same time no more than may be wrong, and the others in the order in which they came", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const running: Admission[] = [];
    const order: number[] = [];
    const attempts = Array.from({ length: 9 }, async (_, n) => {
      running.push(await throttle.admit(at("192.0.2.1"), signal));
      order.push(n);
    });
    await Promise.resolve();
    expect(running).toHaveLength(5);
    for (const end of ["withdrawn", "withdrawn", "failed", "failed", "withdrawn"] as const)
      running.shift()?.[end]();
    // Two were wrong, so that three are compared at the same time.
    await expect.poll(() => running.length).toBe(3);
    for (const admission of running.splice(0)) admission.succeeded();
    await Promise.all(attempts);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("refuses nobody who has the right password because many log in at once", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const from = ["192.0.2.1", "192.0.2.2", undefined];
    const lanes = await Promise.all(
      Array.from({ length: 90 }, async (_, n) => {
        const admission = await throttle.admit(at(from[n % 3]), signal);
        await new Promise((resolve) => void setImmediate(resolve));
        admission.succeeded();
        return admission.lane;
      }),
    );
    expect(lanes).toHaveLength(90);
    expect(throttle.size).toBe(0);
  });

  it("refuses those who wait once so many were wrong, and says so", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const running = await Promise.all(
      Array.from({ length: 5 }, () => throttle.admit(at("192.0.2.1"), signal)),
    );
    const waiting = throttle.admit(at("192.0.2.1"), signal);
    for (const admission of running) admission.failed();
    await expect(waiting).rejects.toMatchObject({
      code: "API_THROTTLED",
      message: expect.stringContaining("too many wrong passwords for this account or from this place"),
    });
  });

  it("lets only so many wait, of one place fewer, and speaks of no wrong passwords then", async () => {
    const throttle = new LoginThrottle(new TestClock());
    const leave = new AbortController();
    const ended: Promise<unknown>[] = [];
    const begin = (count: number, address: string) => {
      for (let n = 0; n < count; n += 1)
        ended.push(throttle.admit(at(address), leave.signal).catch((error: unknown) => error));
    };
    (await throttle.admit(at("198.51.100.7"), signal)).succeeded();
    begin(105, "192.0.2.1");
    const tooMany = {
      code: "API_THROTTLED",
      message: "too many people log in at once; try again in some seconds",
    };
    await expect(throttle.admit(at("192.0.2.1"), signal)).rejects.toMatchObject(tooMany);
    for (const place of ["192.0.2.2", "192.0.2.3", "192.0.2.4"]) begin(105, place);
    begin(5, "192.0.2.5");
    await expect(throttle.admit(at("192.0.2.5"), signal)).rejects.toMatchObject(tooMany);
    // Where somebody has logged in, nobody else takes the place to wait.
    begin(5, "198.51.100.7");
    const atHome = throttle.admit(at("198.51.100.7"), leave.signal);
    const first = await Promise.race([
      atHome,
      new Promise((resolve) => void setImmediate(() => resolve("waits"))),
    ]);
    expect(first).toBe("waits");
    leave.abort();
    await expect(atHome).rejects.toMatchObject({ name: "AbortError" });
    await Promise.all(ended);
  });

  it("does not let a right password of one account buy more guesses at others", async () => {
    const throttle = new LoginThrottle(new TestClock());
    let guesses = 0;
    for (let n = 0; n < 200; n += 1) {
      try {
        (await throttle.admit(at("192.0.2.1", { username: "mallory" }), signal)).succeeded();
      } catch (error) {
        expect(isMooringError(error, "API_THROTTLED")).toBe(true);
      }
      guesses += Number(await guess(throttle, at("192.0.2.1", { username: `victim-${n}` })));
    }
    expect(guesses).toBe(20);
  });

  it("forgets accounts that were removed", async () => {
    const throttle = new LoginThrottle(new TestClock());
    for (let n = 0; n < 50; n += 1)
      await guess(throttle, at(undefined, { username: `user-${n}`, deviceId: "d" }));
    expect(throttle.size).toBe(50);
    throttle.keepAccounts(new Map([["user-7", {}]]));
    expect(throttle.size).toBe(1);
  });

  it("keeps its promises for random floods, with a clock that also leaps back", async () => {
    const step = fc.record({
      user: fc.constantFrom("alice", "bob", "nobody-1", "nobody-2"),
      address: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
      device: fc.option(fc.constantFrom("d1", "d2"), { nil: undefined }),
      passMs: fc.integer({ min: -5_000, max: 20_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 400 }), async (steps) => {
        const clock = new TestClock();
        const throttle = new LoginThrottle(clock);
        let elapsedMs = 0;
        let toAlice = 0;
        for (const { user, address, device, passMs } of steps) {
          clock.ms += passMs;
          elapsedMs += Math.max(0, passMs);
          const isKnown = user === "alice" || user === "bob";
          const from = address === undefined ? undefined : flooder(address);
          const deviceId = user === "alice" ? undefined : device;
          const passed = await guess(throttle, { username: user, isKnown, address: from, deviceId });
          toAlice += Number(passed && user === "alice");
        }
        // Thirty at once, and what comes back evenly.
        expect(toAlice).toBeLessThanOrEqual(30 + Math.ceil((elapsedMs * 30) / 300_000));
        // The owner's own device is admitted in any case.
        expect((await throttle.admit(at("203.0.113.9", { deviceId: "own" }), signal)).lane).toBe("known");
      }),
    );
  });
});
