import { expect, it } from "vitest";
import { isMooringError } from "#core/errors/index.ts";
import { WebhookLimits } from "./limits.ts";

function start() {
  const clock = { nowMs: 1_700_000_000_000, now: () => clock.nowMs };
  const limits = new WebhookLimits(clock);
  const isTaken = (address: string | undefined, isProven = false): boolean => {
    try {
      using admitted = limits.admit(address, 1_000);
      if (isProven) admitted.proven();
      return true;
    } catch (error) {
      if (isMooringError(error, "API_THROTTLED")) return false;
      throw error;
    }
  };
  const count = (times: number, take: (n: number) => boolean) =>
    Array.from({ length: times }, (_, n) => take(n)).filter(Boolean).length;
  return { clock, limits, isTaken, count };
}

it("bounds what all addresses send together, and what comes through proxies", () => {
  const { clock, count, isTaken } = start();
  expect(count(2_000, (n) => isTaken(`10.0.${n >> 8}.${n & 255}`))).toBe(600);
  expect(isTaken(undefined)).toBe(false);
  clock.nowMs += 60_000;
  expect(count(2_000, () => isTaken(undefined))).toBe(600);
});

it("keeps one address from using up what is there for others", () => {
  const { count, isTaken } = start();
  expect(count(5_000, () => isTaken("192.0.2.1"))).toBe(120);
  expect(isTaken("192.0.2.2")).toBe(true);
});

it("takes far more of those that prove themselves, and not without end", () => {
  const { count, isTaken } = start();
  expect(count(7_000, () => isTaken("192.0.2.1", true))).toBe(6_000);
});

it("lets only so many be on their way and so much be held, and gives it back", () => {
  const { limits, isTaken } = start();
  const first = limits.admit("192.0.2.1", 1_000);
  first.hold(900);
  const second = limits.admit("192.0.2.2", 1_000);
  expect(() => second.hold(200)).toThrow(expect.objectContaining({ code: "API_THROTTLED" }));
  first[Symbol.dispose]();
  second.hold(700);
  second[Symbol.dispose]();
  const own = Array.from({ length: 20 }, () => limits.admit("192.0.2.1", 1_000));
  expect([isTaken("192.0.2.1"), isTaken("192.0.2.2")]).toEqual([false, true]);
  for (const one of own) one[Symbol.dispose]();
  const many = Array.from({ length: 100 }, (_, n) => limits.admit(`192.0.2.${n}`, 1_000));
  expect(isTaken("192.0.2.200")).toBe(false);
  for (const one of many) one[Symbol.dispose]();
  expect(isTaken("192.0.2.200")).toBe(true);
});
