import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCron } from "./cron-schedule.ts";

function nextTimes(schedule: string, after: string, count: number): readonly string[] {
  const parsed = parseCron(schedule);
  const times: string[] = [];
  let at: number | undefined = Date.parse(after);
  for (let i = 0; i < count && at !== undefined; i += 1) {
    at = parsed?.next(at);
    if (at !== undefined) times.push(new Date(at).toISOString().replace(":00.000Z", ""));
  }
  return times;
}

describe("a cron schedule", () => {
  it.each([
    ["*/20 * * * *", ["2026-01-01T00:20", "2026-01-01T00:40", "2026-01-01T01:00"]],
    ["5,10 3-4 * * *", ["2026-01-01T03:05", "2026-01-01T03:10", "2026-01-01T04:05"]],
    ["0 12 * * mon-fri", ["2026-01-01T12:00", "2026-01-02T12:00", "2026-01-05T12:00"]],
    ["0 0 13 * FRI", ["2026-01-02T00:00", "2026-01-09T00:00", "2026-01-13T00:00"]],
    ["0 0 29 2 *", ["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]],
    ["0 0 1 */6 ?", ["2026-07-01T00:00", "2027-01-01T00:00", "2027-07-01T00:00"]],
    ["0 0 */10 * */2", ["2026-01-03T00:00", "2026-01-04T00:00", "2026-01-06T00:00"]],
    ["@daily", ["2026-01-02T00:00", "2026-01-03T00:00", "2026-01-04T00:00"]],
    ["@every 90m", ["2026-01-01T01:30", "2026-01-01T03:00", "2026-01-01T04:30"]],
    ["0 0 31 2 *", []],
  ])("%s", (schedule, times) => {
    expect(nextTimes(schedule, "2026-01-01T00:00:00Z", 3)).toEqual(times);
  });

  it.each(["", "* * * *", "60 * * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "a * * * *", "@never"])(
    "is none: %s",
    (text) => expect(parseCron(text)).toBeUndefined(),
  );

  it("has a last time that is the one before the next", () => {
    const schedules = ["* * * * *", "7 */3 * * *", "0 5 * * 1", "30 4 1,15 * *", "0 0 1 1 *"];
    const minutes = fc.integer({ min: 0, max: 4 * 366 * 24 * 60 });
    fc.assert(
      fc.property(fc.constantFrom(...schedules), minutes, (text, minute) => {
        const schedule = parseCron(text);
        const untilMs = Date.parse("2026-01-01T00:00:00Z") + minute * 60_000 + 1234;
        const last = schedule?.last({ afterMs: 0, untilMs });
        expect(last).toBeLessThanOrEqual(untilMs);
        expect(schedule?.next(last ?? 0)).toBeGreaterThan(untilMs);
      }),
      { numRuns: 50 },
    );
  });
});
