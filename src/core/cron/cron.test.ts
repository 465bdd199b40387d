import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCron } from "./cron.ts";
import { lastFire, nextFire } from "./fires.ts";

const minuteMs = 60_000;

function cronOf(text: string) {
  const parsed = parseCron(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.cron;
}

function problemOf(text: string): string {
  const parsed = parseCron(text);
  return parsed.ok ? "" : parsed.problem;
}

function minute(time: string): number {
  return Date.parse(`${time}:00Z`) / minuteMs;
}

function time(minutes: number | undefined): string {
  return minutes === undefined ? "never" : new Date(minutes * minuteMs).toISOString().slice(0, 16);
}

describe("a schedule", () => {
  it.each([
    ["* * * * *", "2026-11-30T14:25", "2026-11-30T14:25"],
    ["0 22 * * *", "2026-11-30T14:25", "2026-11-30T22:00"],
    ["0 22 * * *", "2026-11-30T22:01", "2026-12-01T22:00"],
    ["*/15 8-17/3 * * *", "2026-11-30T11:46", "2026-11-30T14:00"],
    ["5/20 * * * *", "2026-11-30T00:26", "2026-11-30T00:45"],
    ["30 9 * * MON-fri", "2026-11-28T00:00", "2026-11-30T09:30"],
    ["0 0 * jan,JUL ?", "2026-02-01T00:00", "2026-07-01T00:00"],
    ["0 0 29 2 *", "2026-01-01T00:00", "2028-02-29T00:00"],
    ["0 0 29 2 *", "2097-01-01T00:00", "2104-02-29T00:00"],
    ["0 12 13 * 5", "2026-11-11T00:00", "2026-11-13T12:00"],
    ["0 12 13 * 5", "2026-11-14T00:00", "2026-11-20T12:00"],
    ["0 12 */2 * 1", "2026-11-03T13:00", "2026-11-05T12:00"],
    ["0 12 */1 * 1", "2026-11-03T13:00", "2026-11-09T12:00"],
    ["0 0 30 2 1", "2026-02-03T00:00", "2026-02-09T00:00"],
    ["0,30,,59 1 1 1 *", "2026-01-01T01:31", "2026-01-01T01:59"],
    ["@yearly", "2026-02-01T00:00", "2027-01-01T00:00"],
    ["@monthly", "2026-02-02T00:00", "2026-03-01T00:00"],
    ["@weekly", "2026-11-30T00:00", "2026-12-06T00:00"],
    ["@daily", "2026-11-30T00:01", "2026-12-01T00:00"],
    ["@hourly", "2026-11-30T00:01", "2026-11-30T01:00"],
  ])("%s fires next, from %s, at %s", (text, from, at) => {
    expect(time(nextFire(cronOf(text), minute(from)))).toBe(at);
    expect(time(lastFire(cronOf(text), minute(at)))).toBe(at);
  });

  it.each([
    ["", 'it has 0 fields; write five: minute, hour, day of month, month, weekday, such as "0 22 * * *"'],
    [
      "0 0 22 * * *",
      'it has 6 fields; write five: minute, hour, day of month, month, weekday, such as "0 22 * * *"',
    ],
    ["60 * * * *", 'its minute has "60", which is not 0 to 59; write a number, a range such as 0-59, or *'],
    ["* 24 * * *", 'its hour has "24", which is not 0 to 23; write a number, a range such as 0-23, or *'],
    [
      "* * 0 * *",
      'its day of month has "0", which is not 1 to 31; write a number, a range such as 1-31, or *',
    ],
    [
      "* * * 13 *",
      'its month has "13", which is not 1 to 12; write a number, a range such as 1-12, feb-mar, or *',
    ],
    [
      "* * * * 7",
      'its weekday has "7", which is not 0 to 6; write a number, a range such as 0-6, mon-tue, or *',
    ],
    [
      "* * * * L",
      'its weekday has "L", which is not 0 to 6; write a number, a range such as 0-6, mon-tue, or *',
    ],
    ["30-10 * * * *", 'its minute has "30-10", which ends before it begins; write the smaller one first'],
    ["*/0 * * * *", 'its minute has "*/0", whose step is no number above 0; write it like */2'],
    [
      "1-2-3 * * * *",
      'its minute has "1-2-3", which is no range; write a number, a range such as 0-59, or *',
    ],
    [", * * * *", 'its minute is ",", which names none; write * for every'],
    ["0 0 30 2 *", "no month that it names has a day 30, so it never comes; correct the day or the month"],
    [
      "0 0 31 4,6,9,11 ?",
      "no month that it names has a day 31, so it never comes; correct the day or the month",
    ],
    ["@every 5m", '"@every" says no moment to count from; write five fields, such as "0 */6 * * *"'],
    [
      "@noon",
      '"@noon" is not known; write five fields, or one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly',
    ],
    ["TZ=Asia/Tokyo 0 5 * * *", "it names a time zone; write it in timeZone instead"],
    ["* ".repeat(600), "it is longer than 1024 characters"],
  ])("%s is refused", (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it("fires at the same minutes, looked at forwards and backwards", () => {
    const part = (low: number, high: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min: low, max: high }).map(String),
        fc.integer({ min: 1, max: high }).map((step) => `*/${step}`),
      );
    const text = fc
      .tuple(part(0, 59), part(0, 23), part(1, 31), part(1, 12), part(0, 6))
      .map((parts) => parts.join(" "));
    const from = fc.integer({ min: 0, max: 60 * 24 * 366 * 100 });
    fc.assert(
      fc.property(text, from, (schedule, at) => {
        const parsed = parseCron(schedule);
        if (!parsed.ok) {
          expect(parsed.problem).toMatch(/never comes/u);
          return;
        }
        const next = nextFire(parsed.cron, at) ?? Number.NaN;
        const last = lastFire(parsed.cron, at) ?? Number.NaN;
        expect(next).toBeGreaterThanOrEqual(at);
        expect(last).toBeLessThanOrEqual(at);
        expect(lastFire(parsed.cron, next)).toBe(next);
        if (next > at) expect(nextFire(parsed.cron, last + 1)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });
});
