import { describe, expect, it } from "vitest";
import { isSame } from "./is-same.ts";

describe("two values", () => {
  it("are the same whatever the order of their fields", () => {
    expect(isSame({ a: 1, b: [{ c: "x" }] }, { b: [{ c: "x" }], a: 1 })).toBe(true);
    expect(isSame({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  });

  it("differ by a field, an item, its place, or a type", () => {
    expect(isSame({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(isSame([1, 2], [2, 1])).toBe(false);
    expect(isSame([], {})).toBe(false);
    expect(isSame({ a: null }, {})).toBe(false);
    expect(isSame("1", 1)).toBe(false);
  });
});
