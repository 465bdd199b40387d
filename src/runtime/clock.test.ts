import { expect, it } from "vitest";
import { msSince } from "./clock.ts";

it("tells how long ago something was, and without end when the clock was set back behind it", () => {
  const clock = { now: () => 5_000 };
  expect([msSince(clock, 2_000), msSince(clock, 5_000), msSince(clock, 5_001)]).toEqual([
    3_000,
    0,
    Number.POSITIVE_INFINITY,
  ]);
  expect(msSince(clock, Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
