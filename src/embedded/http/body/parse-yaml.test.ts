import { expect, it } from "vitest";
import { parseYaml } from "./parse-yaml.ts";

const maxDepth = 100;

it("reads types as Kubernetes does", () => {
  const text = "a: yes\nb: 010\nc: 2020-01-01\nd: 1:30\ne: ~\nf: 1.5\ng: '1'\nh: 0x10\n1: x\n";
  expect(parseYaml(text, maxDepth).value).toEqual({
    a: true,
    b: 8,
    c: "2020-01-01",
    d: "1:30",
    e: null,
    f: 1.5,
    g: "1",
    h: 16,
    1: "x",
  });
});

it("follows aliases and merge keys", () => {
  expect(parseYaml("a: &x {b: 1}\nc: *x\nd: {<<: *x, e: 2}\n", maxDepth).value).toEqual({
    a: { b: 1 },
    c: { b: 1 },
    d: { b: 1, e: 2 },
  });
});

it("tells of fields that are there twice", () => {
  expect(parseYaml("a: 1\na: 2\n", maxDepth).duplicates).toEqual(["a"]);
});

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
  .concat(
    Array.from(
      "bcdefghi",
      (name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[at]}`).join(",")}]`,
    ),
  )
  .join("\n");

it.each([
  ["a: [", "error converting YAML to JSON"],
  ["a: 9007199254740993", "cannot be kept without loss"],
  ["a: .inf", "unsupported value"],
  ["__proto__: {x: 1}", "__proto__"],
  ["a: !!binary aGk=", "unsupported YAML type"],
  ["a: 1\n---\nb: 2\n", "error converting YAML to JSON"],
  [bomb, "error converting YAML to JSON"],
  [`${"[".repeat(200)}${"]".repeat(200)}`, "exceeded max depth"],
  ["[".repeat(50_000), /exceeded max depth|error converting/],
])("refuses %.40j", (text, message) => {
  expect(() => parseYaml(text, maxDepth)).toThrow(message);
});

it.each<[string, string, RegExp | undefined]>([
  ["a key within a key, four hundred times", "? ".repeat(400), /a key is no text|exceeded max depth/],
  ["a key that is a list by an alias", "a: &x [1]\n? *x\n: 1\n", /a key is no text/],
  ["a megabyte of brackets", `a: ${"[".repeat(1_000_000)}`, /exceeded max depth/],
  ["twenty thousand fields", Array.from({ length: 20_000 }, (_, i) => `k${i}: x`).join("\n"), undefined],
])("is through in time with %s", { timeout: 30_000 }, (...[, text, message]) => {
  const started = performance.now();
  if (message === undefined) expect(parseYaml(text, maxDepth).duplicates).toEqual([]);
  else expect(() => parseYaml(text, maxDepth)).toThrow(message);
  expect(performance.now() - started).toBeLessThan(9_000);
});

it("counts no brackets that are text", () => {
  const text = `a: "${"[".repeat(200)}"\nb: |\n  ${"{".repeat(200)}\n# ${"[".repeat(200)}\nc: x${"[".repeat(200)}\n`;
  expect(parseYaml(text, maxDepth).value).toMatchObject({ a: "[".repeat(200), b: `${"{".repeat(200)}\n` });
});

it("takes an alias of a text for a key", () => {
  expect(parseYaml("a: &x b\n*x : 1\n", maxDepth).value).toEqual({ a: "b", b: 1 });
});
