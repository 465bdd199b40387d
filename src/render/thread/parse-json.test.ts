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
    ["[".repeat(60) + "]".repeat(60), "a.json:1: nested too deeply; the limit protects the renderer"],
    [
      "[".repeat(100_000) + "]".repeat(100_000),
      "a.json:1: nested too deeply; the limit protects the renderer",
    ],
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
});
