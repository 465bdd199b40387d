import fc from "fast-check";
import { expect, it } from "vitest";
import { createLineSplitter } from "./lines.ts";

it("gives the same lines however the bytes are cut, also inside a character", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "漢", "😀", '"', "\r") });
  fc.assert(
    fc.property(fc.array(text), fc.array(fc.nat({ max: 12 })), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const splitter = createLineSplitter(1024);
      const found: string[] = [];
      let at = 0;
      for (const size of sizes) {
        found.push(...splitter.push(bytes.subarray(at, at + size)));
        at += size;
      }
      found.push(...splitter.push(bytes.subarray(at)));
      expect(found).toEqual(lines);
    }),
  );
});

it("stops reading a line that is longer than the limit", () => {
  const splitter = createLineSplitter(10);
  splitter.push(Buffer.from("12345"));
  expect(() => splitter.push(Buffer.from("678901"))).toThrow("a watch event is larger than 10 bytes");
});

it("cuts a line that is too long where that is wanted, and gives what no line feed ends", () => {
  const splitter = createLineSplitter(4, { cutsLines: true });
  expect(splitter.push(Buffer.from("abcdef\nxy"))).toEqual(["abcd"]);
  expect(splitter.push(Buffer.from("z12"))).toEqual([]);
  expect(splitter.end()).toBe("xyz1");
  expect(splitter.end()).toBeUndefined();
});
