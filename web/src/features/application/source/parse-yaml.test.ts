import { describe, expect, it } from "vitest";
import { parseYaml } from "./parse-yaml.ts";

describe("YAML that somebody typed", () => {
  it("is read", () => {
    expect(parseYaml("a: 1\nb: [x]", "the spec")).toEqual({ isValid: true, value: { a: 1, b: ["x"] } });
  });

  it("says what is wrong and in which line", () => {
    const parsed = parseYaml("a: 1\nb: [x", "the spec");
    expect(parsed.isValid ? "" : parsed.problem).toMatch(/at line 2/u);
  });

  it("must be an object", () => {
    for (const text of ["", "- a", "text"]) {
      expect(parseYaml(text, "the spec")).toEqual({
        isValid: false,
        problem: "It must be an object with fields, as the spec is.",
      });
    }
  });

  it("is not unfolded without end, nor read at any length", () => {
    const bomb = `a: &a [x, x]\n${Array.from({ length: 20 }, (_, i) => `a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i === 0 ? "" : i - 1}`).join(", ")}]`).join("\n")}`;
    expect(parseYaml(bomb, "the spec").isValid).toBe(false);
    expect(parseYaml("a".repeat(1024 * 1024 + 1), "the spec").isValid).toBe(false);
  });
});
