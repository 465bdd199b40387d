import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { hasLongList, jsonParts } from "./json-parts.ts";

describe("the parts of an answer", () => {
  it("are together what JSON.stringify makes of it", () => {
    const item = fc.record({ name: fc.string(), at: fc.option(fc.integer(), { nil: undefined }) });
    const list = fc.array(item, { maxLength: 450, size: "max" });
    const object = fc.record({
      metadata: fc.jsonValue(),
      items: list,
      more: list,
      gone: fc.constant(undefined),
    });
    fc.assert(
      fc.property(object, (value) => {
        expect([...jsonParts(value as JsonObject)].join("")).toBe(JSON.stringify(value));
      }),
      { numRuns: 60 },
    );
  });

  it("hold no more than a hundred items each", () => {
    const items = Array.from({ length: 1050 }, (_, number) => ({ number }));
    expect(hasLongList({ items })).toBe(true);
    expect(hasLongList({ items: items.slice(0, 100) })).toBe(false);
    const counts = [...jsonParts({ items })].map((part) => part.split("number").length - 1);
    expect(Math.max(...counts)).toBe(100);
    expect(counts.reduce((all, count) => all + count)).toBe(1050);
  });
});
