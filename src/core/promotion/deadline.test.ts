import { expect, it } from "vitest";
import type { Deadline } from "./deadline.ts";
import { decideDeadline, leftOf } from "./deadline.ts";

const startMs = Date.parse("2026-12-01T00:00:00Z");
const minuteMs = 60_000;
const formatTime = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");
const writtenAt = formatTime(startMs);

interface Look {
  readonly minute: number;
  readonly isGood?: boolean;
  readonly wasGood?: boolean;
  readonly isStopped?: boolean;
}

/** What is left of a quarter of an hour after each look; undefined while nothing is waited for. */
function left(looks: readonly Look[]): readonly (number | undefined)[] {
  let deadline: Deadline | undefined;
  return looks.map(({ minute, isGood = false, wasGood = false, isStopped = false }) => {
    const nowMs = startMs + minute * minuteMs;
    const status = { writtenAt, ...(deadline === undefined ? {} : { deadline }) };
    deadline = decideDeadline({ status, isGood, wasGood, isStopped, nowMs, formatTime });
    return deadline === undefined ? undefined : leftOf(deadline, 15 * minuteMs, nowMs) / minuteMs;
  });
}

it("the deadline counts since a promotion was written, until all of it is good", () => {
  expect(left([{ minute: 1 }, { minute: 16 }, { minute: 17, isGood: true, wasGood: true }])).toEqual([
    14,
    -1,
    undefined,
  ]);
});

it("the deadline stands still while the stage is frozen or suspended", () => {
  const looks = [
    { minute: 5 },
    { minute: 6, isStopped: true },
    { minute: 600, isStopped: true },
    { minute: 601 },
    { minute: 605 },
    { minute: 611 },
  ];
  expect(left(looks)).toEqual([10, 9, 9, 9, 5, -1]);
});

it("a verification longer than the deadline does not fail at the first blip, but when it lasts as long", () => {
  const looks = [
    { minute: 2, isGood: true, wasGood: true },
    { minute: 60, wasGood: true },
    { minute: 70, wasGood: true },
    { minute: 71, isGood: true, wasGood: true },
    { minute: 80, wasGood: true },
    { minute: 96, wasGood: true },
  ];
  expect(left(looks)).toEqual([undefined, 15, 5, undefined, 15, -1]);
});

it("applications that are good one after another, and never all at once, have no more than the deadline", () => {
  expect(left([{ minute: 5 }, { minute: 10, wasGood: true }, { minute: 16, wasGood: true }])).toEqual([
    10, 5, -1,
  ]);
});
