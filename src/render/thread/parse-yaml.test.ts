import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { JsonValue } from "#core/object/index.ts";
import { parseYaml } from "./parse-yaml.ts";

const documents = (text: string) => [...parseYaml("a.yaml", text, 100)];
const parse = (text: string): JsonValue | undefined => documents(text)[0]?.value;
const value = (scalar: string): JsonValue | undefined => (parse(`v: ${scalar}\n`) as { v?: JsonValue }).v;

describe("YAML scalars mean what kubectl and Argo CD read", () => {
  it.each([
    ["0644", 420],
    ["0o644", 420],
    ["0x1A4", 420],
    ["-0x10", -16],
    ["0b101", 5],
    ["1_000", 1000],
    ["+12", 12],
    ["-0", 0],
    ["08", 8],
    ["1e3", 1000],
    [".5", 0.5],
    ["1.", 1],
    ["1.10", 1.1],
    ["yes", true],
    ["Off", false],
    ["y", true],
    ["N", false],
    ["TRUE", true],
    ["tRUE", "tRUE"],
    ["~", null],
    ["Null", null],
    ["", null],
    ["1:30", "1:30"],
    ["12:30:45", "12:30:45"],
    ["2001-12-14", "2001-12-14"],
    ["2001-12-14T21:59:43Z", "2001-12-14T21:59:43Z"],
    ["1.2.3", "1.2.3"],
    ["1e", "1e"],
    ["0x", "0x"],
    ["_1", "_1"],
    ["100m", "100m"],
    ["-", "-"],
    ["'yes'", "yes"],
    ['"0644"', "0644"],
    ["!!str 0644", "0644"],
    ["!!float 3", 3],
    ["!!int '3'", 3],
    ["!custom 3", "3"],
    ["!!binary aGVsbG8=", "hello"],
    ["9007199254740991", 9007199254740991],
    ["123456789012345e10", 123456789012345e10],
  ])("%s", (scalar, expected) => {
    expect(value(scalar === "-" ? "'-'" : scalar)).toBe(expected);
  });

  it("turns keys that are no strings into strings as Kubernetes does", () => {
    expect(parse("1: a\n1.50: b\non: c\n0x10: d\n")).toEqual({ 1: "a", 1.5: "b", true: "c", 16: "d" });
  });
});

describe("YAML documents", () => {
  it("are found with their first line, and empty ones are left out", () => {
    const text =
      "# head\n---\n# only a comment\n---\n\na: 1\n--- # next\n\n---\nb: |\n  x\n   y\n...\n---\nnull\n";
    expect(documents(text)).toEqual([
      { value: { a: 1 }, number: 1, line: 6 },
      { value: { b: "x\n y\n" }, number: 2, line: 10 },
    ]);
  });

  it("may begin with a directive or hold JSON", () => {
    expect(documents('%YAML 1.1\n---\na: 1\n---\n{"b": [1, true, null, "x"]}\n').map((d) => d.value)).toEqual(
      [{ a: 1 }, { b: [1, true, null, "x"] }],
    );
  });

  it("keep text styles", () => {
    expect(
      parse("a: >-\n  x\n  y\n\n  z\nb: |+\n  x\n\nc: 'it''s'\nd: \"\\x41\\n\"\ne: p\n  q # c\n"),
    ).toEqual({
      a: "x y\nz",
      b: "x\n\n",
      c: "it's",
      d: "A\n",
      e: "p q",
    });
  });

  it("resolve anchors and merge keys, the map's own keys winning", () => {
    const text = "a: &a {x: 1, z: 1}\nb: &b {z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: [*a, *a]\n";
    expect(parse(text)).toEqual({
      a: { x: 1, z: 1 },
      b: { z: 2 },
      c: { x: 3, z: 1 },
      d: [
        { x: 1, z: 1 },
        { x: 1, z: 1 },
      ],
    });
  });

  it("keep keys that JavaScript treats specially as plain data", () => {
    const value = parse("__proto__: {x: 1}\nconstructor: 2\nhasOwnProperty: 3\n");
    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("round the bounds of a CRD's schema as the API server does", () => {
    expect(parse("maximum: 9223372036854775807\nminimum: -9223372036854775808\n")).toEqual({
      maximum: 2 ** 63,
      minimum: -(2 ** 63),
    });
  });

  it("carry any JSON value through unchanged", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()).filter(holdsNoMerge), (object) => {
        const exact = JSON.parse(JSON.stringify(object)) as JsonValue;
        // Quoted: what a plain scalar means is go-yaml's own, 0X0 is a number to it and a text to the writer.
        const quoted = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "QUOTE_DOUBLE" } as const;
        const text = stringify(exact, { version: "1.1", aliasDuplicateObjects: false, ...quoted });
        expect(JSON.stringify(parse(text) ?? {})).toBe(JSON.stringify(exact));
      }),
      { numRuns: 200 },
    );
  });
});

const bomb = [
  "a: &a [x,x,x,x,x,x,x,x,x,x]",
  ..."bcdefghij".split("").map((name, i) => {
    const before = "abcdefghi"[i] ?? "";
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(",")}]`;
  }),
].join("\n");

describe("YAML that cannot be rendered is refused with its line and what to do", () => {
  it.each([
    [
      "a key that appears twice",
      "x:\n  a: 1\n  a: 2\n",
      "3 (document 1): key a appears twice in x; remove one of them",
    ],
    [
      "keys that become the same",
      "1: a\n'1': b\n",
      "2 (document 1): key 1 appears twice in the document; remove one of them",
    ],
    ["a tab", "a:\n\tb: 1\n", "2 (document 1): tab used for indentation; use spaces"],
    [
      "bad indentation",
      "a:\n    b: 1\n  c: 2\n",
      "3 (document 1): indentation does not fit the lines before it",
    ],
    [
      "a mapping in a value",
      "a: b: c\n",
      "1 (document 1): a mapping stands where a plain value is expected; indent it on the next line or put quotes around the value",
    ],
    ["an open quote", 'a: "b\nc: d\n', "2 (document 1): a quote, bracket, colon or space is missing"],
    [
      "a template",
      "a: 1\nb: {{ .Values.b }}\n",
      "2 (document 1): a list or a map cannot be a key; put quotes around it (the line looks like a template, which plain manifests cannot hold)",
    ],
    [
      "an unknown alias",
      "---\na: &a 1\n---\nb: *a\n",
      "4 (document 2): an alias has no anchor before it; an anchor is only known inside its own document (put quotes around a text that begins with *)",
    ],
    ["an alias inside its anchor", "a: &a [*a]\n", "1 (document 1): alias *a contains itself"],
    [
      "an alias bomb",
      bomb,
      "5 (document 1): aliases expand to more than 100000 values; write them out or split the file",
    ],
    [
      "an alias bomb of few long texts",
      `a: &a ${"x".repeat(100_000)}\nb: [${"*a, ".repeat(200)}]\n`,
      "2 (document 1): aliases expand to more than 100000 values; write them out or split the file",
    ],
    [
      "a merge of no map",
      "<<: 1\n",
      "1 (document 1): << must be given a map, an alias of one, or a list of them",
    ],
    [
      "a merge after a key that it sets",
      "a: &a {x: 1}\nb:\n  x: 2\n  <<: *a\n",
      "4 (document 1): << also sets x, which stands before it; move << to the top of the map",
    ],
    ["an empty key", ": a\n", "1 (document 1): the key is empty; put quotes around it, or remove the line"],
    [
      "an infinite number",
      "a:\n- .inf\n",
      "2 (document 1): field a[0] is infinite or not a number, which JSON cannot hold",
    ],
    [
      "an integer that would lose digits",
      "spec:\n  id: 9007199254740993\n",
      "2 (document 1): field spec.id is an integer too large to keep exactly; put quotes around it, or use a smaller number",
    ],
    [
      "bytes that are no text",
      "a: !!binary /w==\n",
      "1 (document 1): !!binary holds bytes that are no text; use base64 text in binaryData or data",
    ],
    ["a wrong tag", "a: !!int x\n", "1 (document 1): field a is tagged !!int but is no int"],
    [
      "brackets 10,000 deep",
      "[".repeat(10_000) + "]".repeat(10_000),
      "1 (document 1): nested too deeply; the limit protects the renderer",
    ],
    [
      "open brackets 10,000 deep",
      "a: " + "{a: ".repeat(10_000),
      "1 (document 1): nested too deeply; the limit protects the renderer",
    ],
    [
      "maps 150 deep",
      Array.from({ length: 150 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
      "101 (document 1): nested more than 100 levels deep",
    ],
  ])("%s", (_, text, message) => {
    expect(() => documents(text)).toThrow(`a.yaml:${message}`);
  });

  it("without giving up the documents before it", () => {
    const read = parseYaml("a.yaml", "a: 1\n---\nb: [\n", 100);
    expect(read.next().value).toEqual({ value: { a: 1 }, number: 1, line: 1 });
    expect(() => read.next()).toThrow("a.yaml:3 (document 2)");
  });

  it("and its message quotes no value, which may be a secret", () => {
    for (const text of [
      "password: hunter2\n hunter2: [",
      "p: hunter2: x",
      "- hunter2\nhunter2\n",
      "p: 'hunter2",
      "p: @hunter2",
    ]) {
      expect(() => documents(text)).toThrow(/^(?!.*hunter2)/);
    }
  });
});

/** The writer leaves the key `<<` without quotes, which readers of YAML 1.1 take for a merge. */
function holdsNoMerge(object: object): boolean {
  return !JSON.stringify(object).includes('"<<":');
}
