import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./json.ts";
import { jsonEqual } from "./json.ts";
import { applyMergePatch, mergePatchOf } from "./merge-patch.ts";

const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
const name = fc.constantFrom("a", "b", "c", "d");
const { object } = fc.letrec<{ value: JsonObject[string]; object: JsonObject }>((tie) => ({
  object: fc.dictionary(name, tie("value"), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
  value: fc.oneof({ maxDepth: 3 }, leaf, tie("object")) as fc.Arbitrary<JsonObject[string]>,
}));

describe("merge patch", () => {
  it("turns the one object into the other", () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const patch = mergePatchOf(before, after);
        const patched = patch === undefined ? before : applyMergePatch(before, patch);
        expect(patched).toEqual(after);
      }),
    );
  });

  it("is absent exactly when nothing differs", () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        expect(mergePatchOf(before, after) === undefined).toBe(jsonEqual(before, after));
      }),
    );
  });

  it("removes a field by null and replaces a list whole", () => {
    expect(mergePatchOf({ a: { x: 1, y: 2 }, l: [1, 2] }, { a: { x: 1 }, l: [2] })).toEqual({
      a: { y: null },
      l: [2],
    });
  });
});
