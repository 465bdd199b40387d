import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

const parse = (text: string) => parseJson("a.json", text, 50);

describe("JSON files", () => {
  it("keeps keys that JavaScript treats specially as plain data", () => {
    const value = parse('{"__proto__":{"x":1},"constructor":2}');
    expect(JSON.stringify(value)).toBe('{"__proto__":{"x":1},"constructor":2}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("accepts equal keys in different objects, and braces and colons inside strings", () => {
    const text = String.raw`{"a":{"k":"{\"k\":1}:"},"b":[{"k":1},{"k":2}]}`;
    expect(JSON.stringify(parse(text))).toBe(text);
  });

  it.each([
    ["", "a.json:1: file is empty; remove it or write one JSON object"],
    ['{"a":1,\n"a":2}', "a.json:2: key a appears twice; remove one of them"],
    ['{"a":1,\n"\\u0061":2}', "a.json:2: key a appears twice; remove one of them"],
    [
      '{"a":1}\n{"b":2}',
      "a.json:2: more text follows the first JSON value; a .json file holds one object, so use an array or several files",
    ],
    ['{"password":\nhunter2}', "a.json:2: not valid JSON; check quotes, commas and brackets up to this line"],
    [
      '{\n"n":9007199254740993}',
      "a.json:2: field n is an integer too large to keep exactly; put quotes around it, or use a smaller number",
    ],
    ["[".repeat(60) + "]".repeat(60), "a.json:1: nested more than 50 levels deep"],
    ["[".repeat(100_000) + "]".repeat(100_000), "a.json:1: nested more than 50 levels deep"],
  ])("refuses %.30j with its line and what to do, quoting no value", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("keeps the largest integers that a number can carry", () => {
    expect(parse('{"a":9007199254740991,"b":-9007199254740992,"c":1e21}')).toEqual({
      a: 9007199254740991,
      b: -9007199254740992,
      c: 1e21,
    });
  });

  it("read as JSON.parse reads them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, "\t"), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it("are refused when JSON.parse refuses them", () => {
    const broken = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", ",", "}", "]", '"', "\\", "-", "0", "x", "\u0001"),
    );
    fc.assert(
      fc.property(broken, ([json, at, inserted]) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + inserted + json.slice(cut + 1);
        const isJson = (read: (text: string) => unknown): boolean => {
          try {
            read(text);
            return true;
          } catch (error) {
            return (
              /appears twice|exactly/.test((error as Error).message) && isJson((t) => void JSON.parse(t))
            );
          }
        };
        expect(isJson(parse)).toBe(isJson((t) => void JSON.parse(t)));
      }),
    );
  });
});
