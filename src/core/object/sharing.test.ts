import { expect, it } from "vitest";
import { sharing } from "./sharing.ts";

const before = { a: { b: [1, { c: "x" }], d: null }, e: { f: 1, g: 2 } };

it("makes a value of the parts of another that it has the same", () => {
  const shared = sharing(before, { a: { b: [1, { c: "x" }], d: null }, e: { f: 1, g: 3 } });
  expect(shared).toEqual({ ...before, e: { f: 1, g: 3 } });
  expect(shared.a).toBe(before.a);
  expect(sharing(before, structuredClone(before))).toBe(before);
});

it.each([
  ["fields in another order", { e: { g: 2, f: 1 }, a: before.a }],
  ["a field less", { a: before.a }],
  ["an item more", { ...before, a: { ...before.a, b: [1, { c: "x" }, 2] } }],
  ["a null for nothing", { ...before, h: null }],
  ["the name of a method", { ...before, constructor: {} }],
])("keeps the JSON of a value with %s", (_what, after) => {
  expect(JSON.stringify(sharing(before, after as typeof before))).toBe(JSON.stringify(after));
});
