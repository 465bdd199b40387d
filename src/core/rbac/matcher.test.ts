import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGlob } from "#core/project/glob.ts";
import type { Matcher } from "./matcher.ts";
import { fieldCompiler } from "./matcher.ts";
import type { MatchMode } from "./types.ts";
import { compilePattern } from "./testing.ts";

function matcherOf(pattern: string, mode: MatchMode): Matcher {
  const matcher = fieldCompiler(mode, compilePattern)(pattern);
  if (matcher instanceof Error) throw matcher;
  return matcher;
}

const texts = fc
  .array(fc.constantFrom("a", "b", "/", ".", "-", "*"), { maxLength: 8 })
  .map((parts) => parts.join(""));

/** What is concluded from a pattern without a text must hold for every text. */
function expectTrue(matcher: Matcher, text: string, more: string): void {
  if (!matcher.test(text)) return;
  expect(text.startsWith(matcher.head)).toBe(true);
  if (matcher.grows) expect(matcher.test(text + more)).toBe(true);
}

describe("a pattern that needs no automaton", () => {
  it("matches as the glob that it is", () => {
    const patterns = fc
      .array(fc.constantFrom("a", "b", "/", "*", "**"), { maxLength: 8 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(patterns, texts, texts, (pattern, text, more) => {
        const matcher = matcherOf(pattern, "glob");
        expect(matcher.test(text)).toBe(parseGlob(pattern).matches(text));
        expectTrue(matcher, text, more);
      }),
      { numRuns: 2000 },
    );
  });

  it("matches as the regular expression that it is", () => {
    const parts = fc.array(fc.constantFrom("a", "b", "/", "-", ".", "\\.", ".*", "a?", "b*"), {
      maxLength: 4,
    });
    const patterns = fc
      .tuple(fc.constantFrom("", "^"), parts, fc.constantFrom("", "$", ".*", ".*$", "|b", "b{0}"))
      .map(([start, middle, end]) => start + middle.join("") + end);
    fc.assert(
      fc.property(patterns, texts, texts, (pattern, text, more) => {
        const matcher = matcherOf(pattern, "regex");
        expect(matcher.test(text)).toBe(new RegExp(pattern, "u").test(text));
        expectTrue(matcher, text, more);
      }),
      { numRuns: 2000 },
    );
  });

  it("and any other glob are told apart by how every match begins", () => {
    const parts = fc.array(fc.constantFrom("a", "b", "/", "*", "?", "[ab]", "{a,b/}", "\\a", "\\*"), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(parts, texts, texts, (some, text, more) => {
        expectTrue(matcherOf(some.join(""), "glob"), text, more);
      }),
      { numRuns: 2000 },
    );
  });
});

it("a pattern that is none is an error", () => {
  expect(fieldCompiler("glob", compilePattern)("shop/[")).toMatchObject({
    message: "is not a glob: a [ is never closed",
  });
  expect(fieldCompiler("regex", compilePattern)("^(?!shop)")).toMatchObject({
    message: expect.stringMatching(/^is no regular expression that can be used: /u) as string,
  });
});
