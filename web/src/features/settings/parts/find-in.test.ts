import { expect, it } from "vitest";
import { isFound } from "./find-in.ts";

it("finds what has every word in any of its texts", () => {
  expect(isFound("", [])).toBe(true);
  expect(isFound("  ", ["shop"])).toBe(true);
  expect(isFound("SHOP git", ["https://git.example", undefined, "shop"])).toBe(true);
  expect(isFound("shop helm", ["https://git.example", "shop"])).toBe(false);
});

it("finds no word across two texts", () => {
  expect(isFound("ab", ["a", "b"])).toBe(false);
});
