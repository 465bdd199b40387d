import { describe, expect, it } from "vitest";
import { compileGlob } from "./glob.ts";

const paths = ["a.yaml", "b.yml", "a/b.yaml", "a/c/d.yaml", "config.json", "x/config.json", ".hidden.yaml"];
const select = (glob: string): string[] => paths.filter(compileGlob(glob));

describe("globs of directory sources", () => {
  it.each([
    ["*.yaml", ["a.yaml", "a/b.yaml", "a/c/d.yaml", ".hidden.yaml"]],
    ["**/*.yaml", ["a/b.yaml", "a/c/d.yaml"]],
    ["a/*", ["a/b.yaml", "a/c/d.yaml"]],
    ["{*.yml,config.json}", ["b.yml", "config.json"]],
    ["{a/{b,c/d},x}*", ["a/b.yaml", "a/c/d.yaml", "x/config.json"]],
    ["?.y*ml", ["a.yaml", "b.yml"]],
    ["[a-b].*", ["a.yaml", "b.yml"]],
    ["[!a].*", ["b.yml"]],
    ["config.json", ["config.json"]],
    ["a.yam", []],
    ["{a.yaml}", ["a.yaml"]],
  ])("%s selects as Argo CD's does, where a star also crosses slashes", (glob, selected) => {
    expect(select(glob)).toEqual(selected);
  });

  it("takes characters that are special elsewhere as they are", () => {
    expect(compileGlob("a+(b)|$.y,ml")("a+(b)|$.y,ml")).toBe(true);
    expect(compileGlob("a.yaml")("axyaml")).toBe(false);
    expect(compileGlob(String.raw`\{a\*`)("{a*")).toBe(true);
  });

  it.each(["[a", "{a,b", "[z-a]"])("refuses %s", (glob) => {
    expect(() => compileGlob(glob)).toThrow(SyntaxError);
  });
});
