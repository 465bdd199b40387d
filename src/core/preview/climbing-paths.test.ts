import { describe, expect, it } from "vitest";
import { climbingPaths } from "./climbing-paths.ts";

describe("climbingPaths", () => {
  it.each([
    ["resources: [../../base, a.yaml]", ["base"]],
    ["resources:\n- ../x/../y # note", ["overlays/y"]],
    ["- ..", ["overlays"]],
    ["files: [key=../c.txt]", ["overlays/c.txt"]],
    ["path: sub/../../z", ["overlays/z"]],
    ["repository: file://../lib", ["overlays/lib"]],
    ["local a = import '../lib/a.libsonnet';", ["overlays/lib/a.libsonnet"]],
    ["see https://example.com/a/../b and wait...", []],
    ["- ../../../../etc/passwd", []],
  ])("finds in %j what is outside of the directory", (text, expected) => {
    const found = climbingPaths("overlays/prod", text);
    expect(found === "anything" ? found : found.toSorted()).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(found).toEqual([]);
  });

  it("finds a path with spaces whole", () => {
    expect(climbingPaths("a", "- ../my base/x")).toContain("my base/x");
  });

  it("takes a text that mentions more than can be looked at for anything, and reads long lines of any kind", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `../x${i}`);
    expect(climbingPaths("a", many.join("\n"))).toBe("anything");
    expect(climbingPaths("a", ".".repeat(2_000_000))).toEqual([]);
    expect(climbingPaths("a", `${"x".repeat(2_000_000)} ${"../".repeat(500_000)}`)).toEqual([]);
  });

  it.each([String.raw`"\x2e./base"`, String.raw`"\u002E./base"`, "%2e%2e/base", '"../\\\n  base"'])(
    "takes %j for anything: what hides its dots may be any path",
    (text) => {
      expect(climbingPaths("a/b", text)).toBe("anything");
    },
  );
});
