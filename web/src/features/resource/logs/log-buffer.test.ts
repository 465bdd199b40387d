import { describe, expect, it } from "vitest";
import type { NewLine } from "./log-buffer.ts";
import { isAfter, LogBuffer, plainText, ResumePoint } from "./log-buffer.ts";

const line = (text: string, time = "2026-01-31T12:00:00Z", pod = "a"): NewLine => ({ pod, time, text });

describe("LogBuffer", () => {
  it("keeps the newest lines, and counts what it dropped", () => {
    const buffer = new LogBuffer({ maxLines: 3, maxCharacters: 100, maxLineCharacters: 50 });
    buffer.add([line("1"), line("2")]);
    buffer.add([line("3"), line("4"), line("5")]);
    expect(buffer.lines.map(({ id, text }) => [id, text])).toEqual([
      [2, "3"],
      [3, "4"],
      [4, "5"],
    ]);
    expect(buffer.dropped).toBe(2);
  });

  it("is bounded by what the lines hold, too, and cuts lines without an end", () => {
    const buffer = new LogBuffer({ maxLines: 100, maxCharacters: 10, maxLineCharacters: 6 });
    buffer.add([line("aaaa"), line("bbbb"), line("cccccccccc")]);
    expect(buffer.lines.map(({ text }) => text)).toEqual(["cccccc…"]);
    buffer.add([line("d")]);
    expect(buffer.lines.map(({ text }) => text)).toEqual(["cccccc…", "d"]);
  });
});

it("plainText takes away what is meant for terminals", () => {
  expect(plainText("\u001b[1;31mred\u001b[0m and \u001b]8;;https://a.b\u0007link\u001b]8;;\u0007")).toBe(
    "red and link",
  );
  expect(plainText("[31m as text")).toBe("[31m as text");
});

it("isAfter compares times down to their nanoseconds", () => {
  expect(isAfter("2026-01-31T12:00:00.12Z", "2026-01-31T12:00:00.1Z")).toBe(true);
  expect(isAfter("2026-01-31T12:00:00.1Z", "2026-01-31T12:00:00.12Z")).toBe(false);
  expect(isAfter("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000001Z")).toBe(false);
  expect(isAfter("2026-01-31T12:00:01Z", "2026-01-31T12:00:00.9Z")).toBe(true);
  expect(isAfter("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500Z")).toBe(false);
});

it("ResumePoint shows no line twice after a lost connection, and each pod for itself", () => {
  const point = new ResumePoint();
  const at = (s: number, pod: string): NewLine => line("x", `2026-01-31T12:00:0${s}Z`, pod);
  expect([at(1, "a"), at(2, "b"), at(3, "a")].map((one) => point.isNew(one))).toEqual([true, true, true]);
  // Two lines of the same moment are both shown while nothing was lost.
  expect(point.isNew(at(3, "a"))).toBe(true);
  point.resume();
  expect([at(1, "a"), at(2, "b"), at(3, "a"), at(3, "b"), at(4, "a")].map((one) => point.isNew(one))).toEqual(
    [false, false, false, true, true],
  );
});
