import { expect, it } from "vitest";
import { compilePattern } from "./patterns.ts";

it("a pattern matches anywhere, in linear time, and lookaheads are none", () => {
  const matches = (pattern: string, text: string) => {
    const compiled = compilePattern(pattern);
    return compiled instanceof Error ? compiled.message : compiled.test(text);
  };
  expect(matches("eam", "team-a")).toBe(true);
  expect(matches("^team-(a|b)$", "team-c")).toBe(false);
  expect(matches("(a*)*b", "a".repeat(50_000))).toBe(false);
  expect(matches("^(?!team)", "x")).toMatch(/\(\?!/u);
});
