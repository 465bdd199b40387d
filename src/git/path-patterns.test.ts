import { expect, it } from "vitest";
import { compilePathPatterns } from "./path-patterns.ts";

const paths = ["a.yaml", "aXyaml", "env/a.yaml", "env/deep/a.yaml", "env/deep/b.yaml", "environment"];
const chosen = (...patterns: readonly string[]) => paths.filter(compilePathPatterns(patterns));

it("mean names, folders with all in them, and folders at any depth", () => {
  expect(chosen("a.yaml")).toEqual(["a.yaml"]);
  expect(chosen("?.yaml")).toEqual(["a.yaml"]);
  expect(chosen("env")).toEqual(["env/a.yaml", "env/deep/a.yaml", "env/deep/b.yaml"]);
  expect(chosen("env/*")).toEqual(["env/a.yaml", "env/deep/a.yaml", "env/deep/b.yaml"]);
  expect(chosen("env/*.yaml")).toEqual(["env/a.yaml"]);
  expect(chosen("**/a.yaml")).toEqual(["a.yaml", "env/a.yaml", "env/deep/a.yaml"]);
  expect(chosen("env/**")).toEqual(["env/a.yaml", "env/deep/a.yaml", "env/deep/b.yaml"]);
  expect(chosen("**/deep", "a.yaml")).toEqual(["a.yaml", "env/deep/a.yaml", "env/deep/b.yaml"]);
  expect(chosen()).toEqual([]);
});

it("are taken by their letters otherwise, at any length of what they look at", () => {
  expect(compilePathPatterns(["a+(b)[c]{d}"])("a+(b)[c]{d}")).toBe(true);
  expect(compilePathPatterns(["*a*a*a*a*a*a*a*a*b"])("a".repeat(50_000))).toBe(false);
});

it("are refused where they lead upwards or to nothing", () => {
  for (const wrong of ["", "/a", "a/", "a//b", "../a", "./a"])
    expect(() => compilePathPatterns([wrong])).toThrow(/keep\[0\].*is no pattern of paths/u);
});
