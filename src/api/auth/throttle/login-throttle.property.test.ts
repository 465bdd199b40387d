import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMooringError } from "#core/errors/index.ts";
import type { LoginAttempt } from "./login-throttle.ts";
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

/** Whether a password would be compared; when it is, it is wrong. */
function guess(throttle: LoginThrottle, attempt: LoginAttempt): boolean {
  try {
    throttle.admit(attempt);
    return true;
  } catch (error) {
    if (isMooringError(error, "API_THROTTLED")) return false;
    throw error;
  }
}

const flooder = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

describe("the login throttle", { timeout: 60_000 }, () => {
  it("takes five wrong passwords from one place, then one a minute", () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    const tries = Array.from({ length: 8 }, () => guess(throttle, at("192.0.2.1")));
    expect(tries).toEqual([true, true, true, true, true, false, false, false]);
    clock.ms += 61_000;
    expect([guess(throttle, at("192.0.2.1")), guess(throttle, at("192.0.2.1"))]).toEqual([true, false]);
    expect(guess(throttle, at("192.0.2.2"))).toBe(true);
  });

  it("says how long to wait, the same for names that are no accounts", () => {
    for (const isKnown of [true, false]) {
      const throttle = new LoginThrottle(new TestClock());
      for (let n = 0; n < 5; n += 1) throttle.admit(at("192.0.2.1", { isKnown }));
      expect(() => throttle.admit(at("192.0.2.1", { isKnown }))).toThrow(
        expect.objectContaining({ code: "API_THROTTLED", retryAfterMs: 60_000 }),
      );
    }
  });

  it("does not try one password on every account from one place", () => {
    const throttle = new LoginThrottle(new TestClock());
    const tries = Array.from({ length: 100 }, (_, n) =>
      guess(throttle, at("192.0.2.1", { username: `user-${n}`, isKnown: n % 2 === 0 })),
    );
    expect(tries.filter(Boolean)).toHaveLength(20);
  });

  it("treats the addresses of one IPv6 network as one place", () => {
    const throttle = new LoginThrottle(new TestClock());
    const tries = Array.from({ length: 10 }, (_, n) =>
      guess(throttle, at(`2001:db8:0:7::${n.toString(16)}`)),
    );
    expect(tries.filter(Boolean)).toHaveLength(5);
    expect(guess(throttle, at("2001:db8:0:8::1"))).toBe(true);
    expect(guess(throttle, at("::ffff:192.0.2.9"))).toBe(true);
  });

  // CVE-2024-21652: made-up names pushed the counter of a real one out of the cache.
  // Class: guessing and floods.
  it("forgets no wrong password of an account when made-up names flood it", () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    for (let n = 0; n < 5; n += 1) guess(throttle, at("192.0.2.1"));
    for (let n = 0; n < 25_000; n += 1) {
      guess(throttle, at(flooder(n), { username: `made-up-${n}`, isKnown: false }));
      if (n % 5_000 === 0) expect(guess(throttle, at("192.0.2.1"))).toBe(false);
    }
    expect(guess(throttle, at("192.0.2.1"))).toBe(false);
    expect(throttle.size).toBeLessThan(40_000);
  });

  it("takes a bounded number of guesses at an account from all the world, whatever else it is flooded with", () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    for (let n = 0; n < 25_000; n += 1)
      guess(throttle, at(flooder(n), { username: `x-${n}`, isKnown: false }));
    let guesses = 0;
    for (let n = 0; n < 20_000; n += 1) guesses += Number(guess(throttle, at(flooder(n + 100_000))));
    expect(guesses).toBe(30);
  });

  // CVE-2024-21662 and its like: whoever knows a name could lock its owner out.
  // Class: guessing and floods.
  it("locks out neither a device nor a place that has logged in before, whoever else guesses", () => {
    const clock = new TestClock();
    const throttle = new LoginThrottle(clock);
    throttle.admit(at("198.51.100.7")).succeeded();
    for (let n = 0; n < 25_000; n += 1) guess(throttle, at(flooder(n)));
    for (let n = 0; n < 30; n += 1) guess(throttle, at("203.0.113.1"));
    const device = throttle.admit(at("203.0.113.1", { deviceId: "laptop" }));
    expect(device.lane).toBe("known");
    device.succeeded();
    expect(guess(throttle, at("198.51.100.7"))).toBe(true);
  });

  it("takes only a few wrong passwords from a stolen device, too", () => {
    const throttle = new LoginThrottle(new TestClock());
    const tries = Array.from({ length: 50 }, () => guess(throttle, at("192.0.2.1", { deviceId: "stolen" })));
    expect(tries.filter(Boolean)).toHaveLength(10);
    expect(guess(throttle, at("192.0.2.1", { deviceId: "another" }))).toBe(true);
  });

  it("counts attempts at the same time before any of them is compared, and gives back what was none", () => {
    const throttle = new LoginThrottle(new TestClock());
    const admitted = Array.from({ length: 5 }, () => throttle.admit(at("192.0.2.1")));
    expect(guess(throttle, at("192.0.2.1"))).toBe(false);
    for (const admission of admitted) admission.withdrawn();
    expect(guess(throttle, at("192.0.2.1"))).toBe(true);
  });

  it("does not let a right password of one account buy more guesses at others", () => {
    const throttle = new LoginThrottle(new TestClock());
    let guesses = 0;
    for (let n = 0; n < 200; n += 1) {
      try {
        throttle.admit(at("192.0.2.1", { username: "mallory" })).succeeded();
      } catch (error) {
        expect(isMooringError(error, "API_THROTTLED")).toBe(true);
      }
      guesses += Number(guess(throttle, at("192.0.2.1", { username: `victim-${n}` })));
    }
    expect(guesses).toBe(20);
  });

  it("forgets accounts that were removed", () => {
    const throttle = new LoginThrottle(new TestClock());
    for (let n = 0; n < 50; n += 1) guess(throttle, at(undefined, { username: `user-${n}`, deviceId: "d" }));
    expect(throttle.size).toBe(50);
    throttle.keepAccounts(new Map([["user-7", {}]]));
    expect(throttle.size).toBe(1);
  });

  it("keeps its promises for random floods, with a clock that also leaps back", () => {
    const step = fc.record({
      user: fc.constantFrom("alice", "bob", "nobody-1", "nobody-2"),
      address: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
      device: fc.option(fc.constantFrom("d1", "d2"), { nil: undefined }),
      passMs: fc.integer({ min: -5_000, max: 20_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
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
          const passed = guess(throttle, { username: user, isKnown, address: from, deviceId });
          toAlice += Number(passed && user === "alice");
        }
        // Thirty at once, and what comes back evenly.
        expect(toAlice).toBeLessThanOrEqual(30 + Math.ceil((elapsedMs * 30) / 300_000));
        // The owner's own device is admitted in any case.
        expect(throttle.admit(at("203.0.113.9", { deviceId: "own" })).lane).toBe("known");
      }),
    );
  });
});
