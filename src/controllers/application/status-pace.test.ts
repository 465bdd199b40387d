import { describe, expect, it } from "vitest";
import type { ApplicationStatus } from "#core/app/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { onlyRevisionMoved, StatusPace } from "./status-pace.ts";

function clockAt(start: number): Clock & { nowMs: number } {
  return {
    nowMs: start,
    now() {
      return this.nowMs;
    },
    sleep: () => Promise.resolve(),
    after: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

describe("writes that only move a revision", () => {
  it("go out at once up to a burst, then fifty a second", () => {
    const clock = clockAt(1_000_000);
    const pace = new StatusPace(clock, 50);
    const waits = Array.from({ length: 5_000 }, () => pace.reserve() - clock.now());
    expect(waits.filter((wait) => wait <= 0)).toHaveLength(200);
    expect(waits.at(-1)).toBe(96_000);
  });

  it("may burst again after a quiet time, and no sooner", () => {
    const clock = clockAt(1_000_000);
    const pace = new StatusPace(clock, 50);
    for (let i = 0; i < 250; i += 1) pace.reserve();
    clock.nowMs += 2_000;
    expect(pace.reserve() - clock.now()).toBe(-980);
    clock.nowMs += 3_600_000;
    const waits = Array.from({ length: 300 }, () => pace.reserve() - clock.now());
    expect(waits.filter((wait) => wait <= 0)).toHaveLength(200);
  });
});

const moved = { status: "Synced", revision: "b" } as const;
const failure = { type: "SyncError", message: "it failed" } as const;
const status: ApplicationStatus = {
  sync: { status: "Synced", revision: "a" },
  health: { status: "Healthy" },
  reconciledAt: "2026-11-23T20:30:12Z",
};

interface Case {
  readonly before?: ApplicationStatus;
  readonly after: ApplicationStatus;
}

describe("a status whose revision moved", () => {
  it.each<readonly [string, boolean, Case]>([
    ["nothing else", true, { after: { ...status, sync: moved, reconciledAt: "2026-11-23T20:31:00Z" } }],
    [
      "one of several revisions",
      true,
      {
        before: { ...status, sync: { status: "Synced", revisions: ["a", "c"] } },
        after: { ...status, sync: { status: "Synced", revisions: ["b", "c"] } },
      },
    ],
    ["no field at all", false, { after: status }],
    ["the sync status, too", false, { after: { ...status, sync: { ...moved, status: "OutOfSync" } } }],
    ["the health, too", false, { after: { ...status, sync: moved, health: { status: "Degraded" } } }],
    ["a condition, too", false, { after: { ...status, sync: moved, conditions: [failure] } }],
    ["a status that had none", false, { before: { health: { status: "Healthy" } }, after: status }],
  ])("has moved in %s: %s", (_what, expected, { before = status, after }) => {
    expect(onlyRevisionMoved(before, after)).toBe(expected);
  });
});
