import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

const maxDepth = 100;

it("reads what JSON.parse reads", () => {
  fc.assert(
    fc.property(fc.json(), fc.boolean(), (text, isIndented) => {
      const value: unknown = JSON.parse(text);
      const given = isIndented ? JSON.stringify(value, undefined, 3) : text;
      // Keys that are refused, and numbers that JSON.parse changes, are other tests' matter.
      fc.pre(!text.includes("__proto__"));
      expect(JSON.stringify(parseJson(given, maxDepth).value)).toBe(JSON.stringify(value));
    }),
  );
});

it("tells which fields an object has twice, and keeps the last", () => {
  expect(parseJson('{"a":1,"b":[{"c":1,"c":2}],"a":3}', maxDepth)).toEqual({
    value: { a: 3, b: [{ c: 2 }] },
    duplicates: ["b[0].c", "a"],
  });
});

it.each([
  ["", "unexpected end of JSON input"],
  ['{"a":', "unexpected end of JSON input"],
  ['"abc', "unexpected end of JSON input"],
  ["{a}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ["[1 2]", "invalid character '2' after array element"],
  ["1 2", "invalid character '2' after top-level value"],
  ["nope", "invalid character 'o' in literal null (expecting 'u')"],
  ["[,]", "invalid character ',' looking for beginning of value"],
  ["-a", "invalid character 'a' in numeric literal"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\q"', "invalid character in string escape code"],
])("explains %j", (text, message) => {
  expect(() => parseJson(text, maxDepth)).toThrow(message);
});

it.each(["9007199254740993", "[-9007199254740993]", "1e400", "123456789012345678901234567890123"])(
  "refuses %s, which would change",
  (text) => {
    expect(() => parseJson(text, maxDepth)).toThrow("cannot be kept without loss");
  },
);

it.each([
  ["9007199254740992", 9007199254740992],
  // As JavaScript writes this double, which is not exactly that number.
  ["31552988249712430", 31552988249712430],
  ["10000000000000000000", 1e19],
  ["0.1", 0.1],
  ["1E2", 100],
])("keeps %s", (text, value) => {
  expect(parseJson(text, maxDepth).value).toBe(value);
});

it("refuses a field that could change what objects are", () => {
  expect(() => parseJson('{"a":{"__proto__":{"x":1}}}', maxDepth)).toThrow("__proto__");
  expect(() => parseJson('{"\\u005f_proto__":{"x":1}}', maxDepth)).toThrow("__proto__");
});

it("refuses what is nested too deep, however deep", () => {
  expect(parseJson("[".repeat(maxDepth) + "]".repeat(maxDepth), maxDepth).duplicates).toEqual([]);
  expect(() => parseJson("[".repeat(1_000_000), maxDepth)).toThrow("exceeded max depth");
  expect(() => parseJson('{"a":'.repeat(1_000_000), maxDepth)).toThrow("exceeded max depth");
});
