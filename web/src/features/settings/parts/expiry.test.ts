import { expect, it } from "vitest";
import { lifetimes, secondsOf } from "./expiry.ts";

it.each([
  ["90m", 5_400],
  ["12h", 43_200],
  [" 45 d ", 3_888_000],
  ["2w", 1_209_600],
  ["1y", 31_536_000],
  ["never", 0],
])("reads the lifetime %s", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});

it.each(["", "0d", "5", "d", "-1d", "1.5h", "soon", "1d1h", "9999999d"])("refuses %s", (text) => {
  expect(secondsOf(text)).toBeUndefined();
});

it("offers nothing that it cannot read", () => {
  const read = lifetimes.filter(([value]) => value !== "other").map(([value]) => secondsOf(value));
  expect(read).not.toContain(undefined);
});
