import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGlob } from "./glob.ts";

describe("parseGlob", () => {
  it.each([
    ["https://git.example/*", "https://git.example/a/b", true],
    ["team-?", "team-a", true],
    ["team-?", "team-ab", false],
    ["team-[a-c]", "team-b", true],
    ["team-[!a-c]", "team-b", false],
    ["team-[!a-c]", "team-z", true],
    ["{dev,stage-*}", "stage-eu", true],
    ["{dev,stage-*}", "prod", false],
    ["a{b,{c,d}e}f", "adef", true],
    ["{,x}y", "y", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["a,b", "a,b", true],
    ["[]]", "]", true],
    ["Team", "team", false],
    ["", "", true],
    ["*", "", true],
    ["?", "🦊", true],
  ])("%s matches %s: %s", (pattern, text, matches) => {
    expect(parseGlob(pattern).matches(text)).toBe(matches);
  });

  it.each([
    ["https://git.example/*", "https://git.example/a/b", false],
    ["https://git.example/**", "https://git.example/a/b", true],
    ["https://git.example/*/b", "https://git.example/a/b", true],
    ["https://*/a", "https://git.example/a", true],
    ["a?b", "a/b", false],
    ["*", "a/b", false],
    ["**", "a/b", true],
  ])("with / as separator %s matches %s: %s", (pattern, text, matches) => {
    expect(parseGlob(pattern, "/").matches(text)).toBe(matches);
  });

  it.each([
    ["[a", "a [ is never closed"],
    ["[", "a [ is never closed"],
    ["{a,b", "a { is never closed"],
    ["a\\", "it ends in a \\"],
    ["[z-a]", "the range z-a is the wrong way round"],
    ["{".repeat(20), "braces are nested too deeply"],
    ["*".repeat(5000), "it is longer than 4096 characters"],
  ])("matches nothing with the broken pattern %s", (pattern, problem) => {
    const glob = parseGlob(pattern);
    expect(glob.problem).toBe(problem);
    expect(glob.matches("a")).toBe(false);
  });

  it("matches every text with itself, escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = text.replaceAll(/[*?[\]{}\\]/gu, "\\$&");
        return parseGlob(escaped).matches(text) && parseGlob(escaped, "/").matches(text);
      }),
    );
  });

  it("agrees with a regular expression on stars, question marks and braces", () => {
    const piece = fc.constantFrom("a", "b", "/", "*", "**", "?", "{a,b}", "{a*,/}");
    const text = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), text, (pieces, subject) => {
        const pattern = pieces.join("");
        const expected = pattern
          .replaceAll(/\*{2,}/gu, "#")
          .replaceAll("*", "[^/]*")
          .replaceAll("#", ".*")
          .replaceAll("?", "[^/]")
          .replaceAll(/\{([^,]*),([^}]*)\}/gu, "(?:$1|$2)");
        expect(parseGlob(pattern, "/").matches(subject)).toBe(
          new RegExp(`^(?:${expected})$`, "u").test(subject),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("never throws, whatever the pattern", () => {
    const special = fc.string({
      unit: fc.constantFrom("*", "?", "[", "]", "!", "-", "{", "}", ",", "\\", "a"),
    });
    fc.assert(fc.property(special, fc.string(), (pattern, text) => void parseGlob(pattern).matches(text)));
  });

  it("stays linear where backtracking would take ages", () => {
    expect(parseGlob("*a".repeat(30)).matches("a".repeat(2000))).toBe(true);
    expect(parseGlob(`${"{a,a*}".repeat(30)}b`).matches("a".repeat(2000))).toBe(false);
  });
});
