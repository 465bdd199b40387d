import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";
import type { RetryInput } from "./retry.ts";
import { decideRetry } from "./retry.ts";

const failed: RetryInput = {
  policy: undefined,
  automated: true,
  phase: "Failed",
  final: false,
  retryCount: 0,
  finishedAtMs: 0,
};

function waits(input: RetryInput, count: number): readonly (number | string)[] {
  return Array.from({ length: count }, (_, retryCount) => {
    const decision = decideRetry({ ...input, retryCount });
    return decision.retry ? decision.atMs / 1_000 : decision.because;
  });
}

describe("a failed operation", () => {
  it("is retried five times with doubling waits when automated, and never when manual", () => {
    expect(waits(failed, 6)).toEqual([5, 10, 20, 40, 80, "limit-reached"]);
    expect(waits({ ...failed, automated: false }, 1)).toEqual(["no-retries"]);
  });

  it("follows its policy, without end below zero, and never waits longer than the cap", () => {
    const policy = { limit: -1, backoff: { duration: "1s", factor: 3, maxDuration: "20s" }, refresh: true };
    expect(waits({ ...failed, policy, automated: false }, 5)).toEqual([1, 3, 9, 20, 20]);
    expect(decideRetry({ ...failed, policy, retryCount: 5_000 })).toEqual({
      retry: true,
      atMs: 20_000,
      attempt: 5_001,
      refresh: true,
    });
    expect(waits({ ...failed, policy: { limit: 0 } }, 1)).toEqual(["no-retries"]);
  });

  it("is not retried when it ended well, was refused or ended by a user", () => {
    expect(waits({ ...failed, phase: "Succeeded" }, 1)).toEqual(["not-failed"]);
    expect(waits({ ...failed, final: true }, 1)).toEqual(["final"]);
  });

  it("says which duration it cannot read", () => {
    const policy = { limit: 1, backoff: { duration: "5 seconds" } };
    expect(() => decideRetry({ ...failed, policy })).toThrow(
      'duration "5 seconds": not a number with a unit; write it like 5s, 3m or 1h30m',
    );
  });
});

it.each([
  ["5s", 5_000],
  ["3m", 180_000],
  ["1h30m", 5_400_000],
  ["1.5m", 90_000],
  ["250ms", 250],
  ["1us", 0.001],
  [".5s", 500],
  ["-2s", -2_000],
  ["0", 0],
  ["30", 30_000],
])("a duration of %s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(["", "s", "1d", "1m 5s", "5S", "1e3s"])("%j is not a duration", (text) => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

it("durations are short for people", () => {
  expect([0, 250, 18_000, 162_000, 3_900_000].map(formatDuration)).toEqual([
    "0s",
    "250ms",
    "18s",
    "2m42s",
    "1h5m",
  ]);
});
