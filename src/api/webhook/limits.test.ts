import { expect, it } from "vitest";
import { isMooringError } from "#core/errors/index.ts";
import { WebhookLimits } from "./limits.ts";

type Kind = "open" | "wrong" | "right";

function start() {
  const clock = { nowMs: 1_700_000_000_000, now: () => clock.nowMs };
  const limits = new WebhookLimits(clock);
  const take = (address: string | undefined, kind: Kind): void => {
    if (kind === "open") {
      using _admitted = limits.admitOpen(address, 1_000);
      return;
    }
    using _admitted = limits.admitClaimed(address, 1_000);
    if (kind === "right") limits.proven(address);
    else limits.wrong(address);
  };
  const isTaken = (address: string | undefined, kind: Kind = "open"): boolean => {
    try {
      take(address, kind);
      return true;
    } catch (error) {
      if (isMooringError(error, "API_THROTTLED")) return false;
      throw error;
    }
  };
  const count = (times: number, isOneTaken: (n: number) => boolean) =>
    Array.from({ length: times }, (_, n) => isOneTaken(n)).filter(Boolean).length;
  return { clock, limits, isTaken, count };
}

const stranger = (n: number): string => `10.0.${n >> 8}.${n & 255}`;
const forge = "192.0.2.1";

it("bounds what all addresses send together that need no proof, and what comes from nowhere", () => {
  const { clock, count, isTaken } = start();
  expect(count(2_000, (n) => isTaken(stranger(n)))).toBe(600);
  expect(isTaken(undefined)).toBe(false);
  clock.nowMs += 60_000;
  expect(count(2_000, () => isTaken(undefined))).toBe(600);
});

it("keeps one address from using up what is there for others", () => {
  const { count, isTaken } = start();
  for (const kind of ["open", "wrong"] as const) {
    expect(count(5_000, () => isTaken("192.0.2.9", kind))).toBe(120);
    expect(isTaken("192.0.2.2", kind)).toBe(true);
  }
});

it("takes far more of those that prove themselves, and not without end", () => {
  const { count, isTaken } = start();
  expect(count(7_000, () => isTaken(forge, "right"))).toBe(6_000);
});

it("takes events of forges while anybody sends as many as they like that need no proof", () => {
  const { count, isTaken } = start();
  count(5_000, (n) => isTaken(stranger(n % 500), "open"));
  count(500, () => isTaken(forge, "open"));
  expect([isTaken(forge, "open"), isTaken(forge, "right")]).toEqual([false, true]);
});

it("takes events of a forge while strangers, and who shares its address, send wrong proofs", () => {
  const { count, isTaken } = start();
  expect(isTaken(forge, "right")).toBe(true);
  expect(count(5_000, (n) => isTaken(stranger(n % 500), "wrong"))).toBe(600);
  expect(count(1_000, () => isTaken(forge, "wrong"))).toBe(1_000);
  expect([isTaken("192.0.2.2", "right"), isTaken(forge, "right")]).toEqual([false, true]);
});

it("lets only so many be on their way and so much be held, and gives it back", () => {
  const { limits, isTaken } = start();
  const first = limits.admitOpen("192.0.2.1", 1_000);
  first.hold(900);
  const second = limits.admitOpen("192.0.2.2", 1_000);
  expect(() => second.hold(200)).toThrow(expect.objectContaining({ code: "API_THROTTLED" }));
  first[Symbol.dispose]();
  second.hold(700);
  second[Symbol.dispose]();
  const own = Array.from({ length: 20 }, () => limits.admitOpen("192.0.2.1", 1_000));
  expect([isTaken("192.0.2.1"), isTaken("192.0.2.2")]).toEqual([false, true]);
  for (const one of own) one[Symbol.dispose]();
  const many = Array.from({ length: 100 }, (_, n) => limits.admitOpen(`192.0.2.${n}`, 1_000));
  expect(isTaken("192.0.2.200")).toBe(false);
  for (const one of many) one[Symbol.dispose]();
  expect(isTaken("192.0.2.200")).toBe(true);
});

it("has places for forges that neither open events nor unproven ones take", () => {
  const { limits, isTaken } = start();
  expect(isTaken(forge, "right")).toBe(true);
  const slow = [
    ...Array.from({ length: 100 }, (_, n) => limits.admitOpen(stranger(n), 1_000)),
    ...Array.from({ length: 100 }, (_, n) => limits.admitClaimed(stranger(n), 1_000)),
  ];
  slow[0]?.hold(1_000);
  slow[100]?.hold(1_000);
  expect([isTaken("192.0.2.2", "open"), isTaken("192.0.2.2", "wrong")]).toEqual([false, false]);
  using admitted = limits.admitClaimed(forge, 1_000);
  admitted.hold(1_000);
});
