import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseTag } from "./choose-tag.ts";

describe("by version", () => {
  it("takes the highest in the range, as Helm picks it", () => {
    const tags = ["1.2.3", "v1.10.0", "1.9.9", "2.0.0", "latest", "1.11.0-rc.1"];
    expect(chooseTag(tags, { order: { by: "semver", range: ">=1.0 <2" } })).toBe("v1.10.0");
    expect(chooseTag(tags, { order: { by: "semver", range: "3.x" } })).toBeUndefined();
  });

  it("puts only a part of the tag in order where a pattern says so", () => {
    const policy = {
      order: { by: "semver", range: "1.x" },
      pattern: "^web-(?P<version>.*)$",
      extract: "$version",
    } as const;
    expect(chooseTag(["api-1.9.0", "web-1.2.0", "web-1.10.0"], policy)).toBe("web-1.10.0");
  });

  it("refuses what is no range", () => {
    expect(() => chooseTag(["1.0.0"], { order: { by: "semver", range: "newest" } })).toThrow(
      'semver "newest": is no range',
    );
  });
});

describe("by number", () => {
  it("tells moments apart that a JavaScript number does not", () => {
    const tags = ["main-abc-20261201101500123456", "main-def-20261201101500123457"];
    const policy = {
      order: { by: "numerical", order: "asc" },
      pattern: "^main-[a-z0-9]+-(?P<ts>[0-9]+)$",
      extract: "${ts}",
    } as const;
    expect(chooseTag(tags, policy)).toBe("main-def-20261201101500123457");
    expect(chooseTag(tags.toReversed(), policy)).toBe("main-def-20261201101500123457");
  });

  it("takes 10 for more than 9, leaves out what is no number, and may take the least", () => {
    const tags = ["9", "10", "-3", "1.5", "v11", "latest"];
    expect(chooseTag(tags, { order: { by: "numerical", order: "asc" } })).toBe("10");
    expect(chooseTag(tags, { order: { by: "numerical", order: "desc" } })).toBe("-3");
  });

  it("orders numbers as arithmetic does", () => {
    const number = fc.tuple(fc.integer({ min: -9_999, max: 9_999 }), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
        const tags = numbers.map(([whole, part]) => `${whole}.${String(part).padStart(2, "0")}`);
        const chosen = chooseTag(tags, { order: { by: "numerical", order: "asc" } });
        expect(Number(chosen)).toBe(Math.max(...tags.map(Number)));
      }),
    );
  });
});

describe("by letter", () => {
  it("takes the last, or the first", () => {
    const tags = ["RELEASE.2026-01-02", "RELEASE.2026-11-30", "RELEASE.2025-12-31"];
    expect(chooseTag(tags, { order: { by: "alphabetical", order: "asc" } })).toBe("RELEASE.2026-11-30");
    expect(chooseTag(tags, { order: { by: "alphabetical", order: "desc" } })).toBe("RELEASE.2025-12-31");
  });
});

it("leaves signatures and attestations out, which are beside images under tags of their own", () => {
  const signature = `sha256-${"f".repeat(64)}.sig`;
  expect(chooseTag(["a", signature], { order: { by: "alphabetical", order: "asc" } })).toBe("a");
});

it("chooses the same tag whatever the order of the listing, where two are equal in order", () => {
  const policy = { order: { by: "numerical", order: "asc" }, pattern: "-([0-9]+)$", extract: "$1" } as const;
  expect(chooseTag(["a-7", "b-7"], policy)).toBe("b-7");
  expect(chooseTag(["b-7", "a-7"], policy)).toBe("b-7");
});

it("says what is wrong with a pattern and with what is taken from it", () => {
  const order = { by: "alphabetical", order: "asc" } as const;
  expect(() => chooseTag(["a"], { order, pattern: "(" })).toThrow('pattern "(": is no regular expression');
  expect(() => chooseTag(["a"], { order, pattern: "a", extract: "$ts" })).toThrow(
    'the pattern has no group "ts"',
  );
  expect(() => chooseTag(["a"], { order, pattern: "a", extract: "$4" })).toThrow(
    'the pattern has no group "4"',
  );
  expect(() => chooseTag(["a"], { order, extract: "$ts" })).toThrow("needs a pattern");
});

it("takes no longer for a pattern that explodes elsewhere", () => {
  const order = { by: "alphabetical", order: "asc" } as const;
  expect(chooseTag([`${"a".repeat(120)}!`], { order, pattern: "^(a+)+$" })).toBeUndefined();
});

it("lets no order of the listing decide between tags that are equal as numbers", () => {
  const policy = { order: { by: "numerical", order: "asc" } } as const;
  for (const tags of [
    ["1", "01", "1.0"],
    ["1.0", "1", "01"],
    ["01", "1.0", "1"],
  ])
    expect(chooseTag(tags, policy)).toBe("1.0");
});

it("wants no tag whose part is empty when no version is in the range", () => {
  const policy = { order: { by: "semver", range: "1.x" }, pattern: "^v?([0-9.]*)", extract: "$1" } as const;
  expect(chooseTag(["main", "2.0.0"], policy)).toBeUndefined();
});
