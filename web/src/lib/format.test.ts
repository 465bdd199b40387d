import { describe, expect, it } from "vitest";
import {
  formatAgo,
  formatCount,
  formatDuration,
  formatExact,
  formatRepository,
  formatRevision,
} from "./format.ts";

const now = Date.UTC(2026, 0, 31, 12);
const ago = (seconds: number) => formatAgo(new Date(now - seconds * 1_000), now);

describe("how long ago something was", () => {
  it.each([
    [0, "now"],
    // A clock that is a little ahead of ours.
    [-14, "now"],
    [4, "now"],
    [5, "5s ago"],
    [59, "59s ago"],
    [60, "1m ago"],
    [3_599, "59m ago"],
    [3_600, "1h ago"],
    [86_399, "23h ago"],
    [86_400, "1d ago"],
    [40 * 86_400, "1mo ago"],
    [400 * 86_400, "1y ago"],
    [-3_600, "in 1h"],
  ])("%i seconds: %s", (seconds, expected) => {
    expect(ago(seconds).replaceAll(/[\s.]+/gu, " ")).toBe(expected);
  });

  it("is nothing for what is no time", () => {
    expect(formatAgo("soon", now)).toBe("");
    expect(formatExact("soon")).toBe("");
  });
});

it.each([
  [0, "0 ms"],
  [-5, "0 ms"],
  [999.4, "999 ms"],
  [1_000, "1 s"],
  [61_000, "1 min 1 s"],
  [60_000, "1 min"],
  [3_600_000 + 5 * 60_000 + 7_000, "1 h 5 min"],
  [86_400_000 + 59_000, "1 d"],
  [50 * 3_600_000, "2 d 2 h"],
])("%d milliseconds are %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

it.each([
  ["0123456789abcdef0123456789abcdef01234567", "0123456"],
  ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "0123456"],
  ["v1.2.3", "v1.2.3"],
  ["main", "main"],
  ["", ""],
])("revision %j is shown as %j", (revision, expected) => {
  expect(formatRevision(revision)).toBe(expected);
});

it.each([
  ["https://github.com/shop/deploy.git", "github.com/shop/deploy"],
  ["https://user:secret@git.example.com/a/b", "git.example.com/a/b"],
  ["ssh://git@git.example.com:22/a.git", "git.example.com:22/a"],
  ["git@github.com:shop/deploy.git", "git@github.com:shop/deploy"],
  ["oci://registry.example.com/charts", "registry.example.com/charts"],
])("repository %s is called %s", (url, expected) => {
  expect(formatRepository(url)).toBe(expected);
});

it("counts things", () => {
  expect([0, 1, 10_000].map((count) => formatCount(count, "application"))).toEqual([
    "0 applications",
    "1 application",
    "10,000 applications",
  ]);
  expect(formatCount(2, "entry", "entries")).toBe("2 entries");
});
