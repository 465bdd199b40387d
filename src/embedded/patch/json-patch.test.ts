import { expect, it } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { applyJsonPatch } from "./json-patch.ts";

const document = { a: 1, list: [1, 2, 3], map: { "x/y": 1, "m~n": 2 } };

it.for<[string, JsonValue, JsonValue]>([
  ["adds a field", [{ op: "add", path: "/b", value: 2 }], { ...document, b: 2 }],
  [
    "adds to the end of a list",
    [{ op: "add", path: "/list/-", value: 4 }],
    { ...document, list: [1, 2, 3, 4] },
  ],
  ["inserts into a list", [{ op: "add", path: "/list/1", value: 9 }], { ...document, list: [1, 9, 2, 3] }],
  [
    "replaces",
    [{ op: "replace", path: "/map/x~1y", value: 5 }],
    { ...document, map: { "m~n": 2, "x/y": 5 } },
  ],
  ["removes", [{ op: "remove", path: "/map/m~0n" }], { ...document, map: { "x/y": 1 } }],
  ["removes the last of a list", [{ op: "remove", path: "/list/-1" }], { ...document, list: [1, 2] }],
  [
    "moves",
    [{ op: "move", from: "/a", path: "/map/a" }],
    { list: [1, 2, 3], map: { ...document.map, a: 1 } },
  ],
  ["copies", [{ op: "copy", from: "/list/0", path: "/b" }], { ...document, b: 1 }],
  [
    "tests and goes on",
    [
      { op: "test", path: "/a", value: 1 },
      { op: "remove", path: "/a" },
    ],
    { list: [1, 2, 3], map: document.map },
  ],
  ["adds null", [{ op: "add", path: "/b", value: null }], { ...document, b: null }],
])("%s", ([, patch, expected]) => {
  expect(applyJsonPatch(document, patch)).toEqual(expected);
});

it.for<[string, JsonValue]>([
  ["a test that fails", [{ op: "test", path: "/a", value: 2 }]],
  ["a path that is not there", [{ op: "replace", path: "/b/c", value: 1 }]],
  ["removal of what is not there", [{ op: "remove", path: "/b" }]],
  ["an index beyond the list", [{ op: "add", path: "/list/4", value: 1 }]],
  ["an index that is none", [{ op: "add", path: "/list/01", value: 1 }]],
  ["an operation without a value", [{ op: "add", path: "/b" }]],
  ["an unknown operation", [{ op: "merge", path: "/b" }]],
  ["a path without a slash", [{ op: "remove", path: "a" }]],
])("refuses %s as invalid", ([, patch]) => {
  expect(() => applyJsonPatch(document, patch)).toThrow(expect.objectContaining({ reason: "Invalid" }));
});

it("leaves the document as it was, and keys like __proto__ as data", () => {
  const patched = applyJsonPatch(document, [{ op: "add", path: "/__proto__", value: { polluted: true } }]);
  expect(Object.hasOwn(patched as object, "__proto__")).toBe(true);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(document.list).toEqual([1, 2, 3]);
});

it("refuses more operations than the API server", () => {
  const patch = Array.from({ length: 10_001 }, () => ({ op: "test", path: "/a", value: 1 }));
  expect(() => applyJsonPatch(document, patch)).toThrow("maximum operations");
});

it("refuses a patch of a few lines whose copies of copies would fill the memory", () => {
  const copies = Array.from({ length: 40 }, (_, i) => ({ op: "copy", from: "/map", path: `/map/copy${i}` }));
  expect(() => applyJsonPatch(document, copies)).toThrow(expect.objectContaining({ reason: "Invalid" }));
  expect(applyJsonPatch(document, copies.slice(0, 5))).toHaveProperty("map.copy4.copy3.copy0.x/y", 1);
});

it("changes a copy and leaves what it was copied from alone", () => {
  const patched = applyJsonPatch(document, [
    { op: "copy", from: "/list", path: "/other" },
    { op: "add", path: "/other/-", value: 4 },
    { op: "remove", path: "/list/0" },
  ]);
  expect(patched).toEqual({ ...document, list: [2, 3], other: [1, 2, 3, 4] });
});

it("is through in time with a patch of ten thousand new fields", () => {
  const patch = Array.from({ length: 10_000 }, (_, i) => ({ op: "add", path: `/map/k${i}`, value: i }));
  const started = performance.now();
  expect(applyJsonPatch(document, patch)).toHaveProperty("map.k9999", 9_999);
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(document.map).toEqual({ "x/y": 1, "m~n": 2 });
});

it("refuses to nest deeper, patch upon patch, than a body may", () => {
  const nested = (levels: number): JsonValue =>
    JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as JsonValue;
  const path = `/deep${"/0".repeat(299)}/-`;
  const once = applyJsonPatch(document, [{ op: "add", path: "/deep", value: nested(300) }]);
  expect(() => applyJsonPatch(once as JsonObject, [{ op: "add", path, value: nested(300) }])).toThrow(
    expect.objectContaining({ reason: "Invalid" }),
  );
});
