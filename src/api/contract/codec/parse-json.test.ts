import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

describe("parseJson", () => {
  it("does not let a text through whose depth would end the stack of what goes through it", () => {
    expect(() => parseJson(nested(1_000_000))).toThrow("nested deeper than 200 levels");
    expect(() => parseJson('{"a":'.repeat(201))).toThrow("nested deeper than 200 levels");
    expect(JSON.stringify(parseJson(nested(200)))).toBe(nested(200));
  });

  it("takes brackets within strings for text, whatever is escaped before them", () => {
    const value = { 'a\\"': ["[".repeat(300), `\\"${"{".repeat(300)}`] };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  it("passes over an endless string in time that grows with its length only", () => {
    expect(() => parseJson(String.raw`"\"`.repeat(1_000_000))).toThrow(SyntaxError);
  });
});
