import { expect, it } from "vitest";
import { parseTree } from "./tree-object.ts";

function entry(mode: string, name: string, byte: number): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.alloc(20, byte)]);
}

it("lists entries by name, whatever git's own order, without names that climb out", () => {
  const raw = Buffer.concat([
    entry("100644", "a.b", 1),
    entry("40000", "a", 2),
    entry("100755", "run", 3),
    entry("120000", "link", 4),
    entry("160000", "module", 5),
    entry("100644", "..", 6),
    entry("100644", ".", 6),
    entry("100644", "x/y", 6),
    entry("100644", "", 6),
    entry("100644", "run", 7),
    entry("100644", "ä", 8),
  ]);
  const shown = [...parseTree(raw, 20).values()].map(
    ({ name, type, oid, executable }) => `${name} ${type} ${oid.slice(0, 2)}${executable ? " x" : ""}`,
  );
  expect(shown).toEqual([
    "a directory 02",
    "a.b file 01",
    "link symlink 04",
    "module submodule 05",
    "run file 03 x",
    "ä file 08",
  ]);
});

it("throws for a tree that is cut off", () => {
  const raw = entry("100644", "a", 1);
  for (const length of [3, 9, raw.length - 1]) {
    expect(() => parseTree(raw.subarray(0, length), 20)).toThrow("cut off");
  }
  expect(parseTree(Buffer.alloc(0), 20).size).toBe(0);
});
