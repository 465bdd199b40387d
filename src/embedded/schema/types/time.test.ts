import { describe, expect, it } from "vitest";
import { canonicalTime, formatGoDuration, parseGoDuration, timeProblem } from "./time.ts";

describe("times", () => {
  it.each([
    ["2026-01-01T01:00:00+01:00", 0, "2026-01-01T00:00:00Z"],
    ["2026-01-01T00:00:00.999Z", 0, "2026-01-01T00:00:00Z"],
    ["2026-01-01T00:00:00.123456Z", 6, "2026-01-01T00:00:00.123456Z"],
    ["2026-01-01T00:00:00Z", 6, undefined],
    ["2026-13-01T00:00:00Z", 0, undefined],
    ["today", 0, undefined],
  ] as const)("%s with %i digits is kept as %s", (text, digits, kept) => {
    expect(canonicalTime(text, digits)).toBe(kept);
  });

  it("tells which part of a time is wrong", () => {
    expect(timeProblem("2026-01-01 10:00", 0)).toBe(
      `parsing time "2026-01-01 10:00" as "2006-01-02T15:04:05Z07:00": cannot parse " 10:00" as "T"`,
    );
  });
});

describe("durations", () => {
  it.each([
    ["90m", "1h30m0s"],
    ["1.5s", "1.5s"],
    ["0", "0s"],
    ["-2h", "-2h0m0s"],
    ["1500us", "1.5ms"],
    ["15ns", "15ns"],
  ])("%s is kept as %s", (text, kept) => {
    expect(formatGoDuration(parseGoDuration(text) ?? 0n)).toBe(kept);
  });

  it.each(["", "1", "1d", "h"])("%j is none", (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});
