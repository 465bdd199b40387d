import { describe, expect, it } from "vitest";
import type { DiffRow } from "./diff-rows.ts";
import { differingPart, foldRows, inlineRows } from "./fold-rows.ts";

const same = (n: number): readonly DiffRow[] =>
  Array.from({ length: n }, (_, i) => ({ path: `p${i}`, change: "same", left: `s${i}`, right: `s${i}` }));
const changed: DiffRow = { path: "x", change: "changed", left: "a", right: "b" };

const told = (rows: readonly DiffRow[], opened: readonly number[] = []) =>
  foldRows(rows, new Set(opened)).map((one) =>
    one.look === "fold" ? `${one.count} hidden before ${one.path}` : (one.row.left ?? one.row.right),
  );

describe("foldRows", () => {
  it("hides what is the same but around changes", () => {
    expect(told([...same(10), changed, ...same(20), changed, ...same(9)])).toEqual(
      "7 hidden before p7|s7|s8|s9|a|s0|s1|s2|14 hidden before p17|s17|s18|s19|a|s0|s1|s2|6 hidden before ".split(
        "|",
      ),
    );
  });

  it("hides nothing where it would save no lines, and nothing that was opened", () => {
    expect(told([changed, ...same(9), changed])).toHaveLength(11);
    expect(told([changed, ...same(12), changed], [4])).toHaveLength(14);
  });
});

it("inlineRows puts what is removed above what comes in its place", () => {
  const rows = inlineRows([...same(1), changed, { ...changed, left: "c", right: "d" }, ...same(1)]);
  expect(rows.map(({ change, left, right }) => `${change} ${left ?? right}`)).toEqual([
    "same s0",
    "removed a",
    "removed c",
    "added b",
    "added d",
    "same s0",
  ]);
});

it("differingPart finds what differs between two lines", () => {
  expect(differingPart("image: web:1.0", "image: web:1.25.0")).toEqual(["image: web:1.", "", "0"]);
  expect(differingPart("image: web:1.25.0", "image: web:1.0")).toEqual(["image: web:1.", "25.", "0"]);
  expect(differingPart("aa", "aaa")).toEqual(["aa", "", ""]);
  expect(differingPart("a", undefined)).toEqual(["a", "", ""]);
});
