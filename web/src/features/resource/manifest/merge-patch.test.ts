import { expect, it } from "vitest";
import { mergePatch } from "./merge-patch.ts";

it("holds what was changed, and null for what was taken away", () => {
  const before = { spec: { replicas: 2, paused: true, list: [1, 2], same: { a: 1 } }, data: { a: "1" } };
  const after = { spec: { replicas: 3, list: [2], same: { a: 1 } }, data: { a: "1", b: "2" } };
  expect(mergePatch(before, after)).toEqual({
    spec: { replicas: 3, paused: null, list: [2] },
    data: { b: "2" },
  });
});

it("is nothing when nothing was changed", () => {
  expect(mergePatch({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } })).toBeUndefined();
});

it("makes an object of what was none", () => {
  expect(mergePatch({ a: "x" }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
});
