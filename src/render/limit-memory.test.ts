import { describe, expect, it } from "vitest";
import { limitMemory } from "./limit-memory.ts";

const preamble = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const custom = [0, 3, 1, 0x61, 9];
/** Exports `memory`, and `grow`, which asks for pages and gives the old size, or -1. */
const code = [
  7, 17, 2, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 4, 0x67, 0x72, 0x6f, 0x77, 0, 0, 10, 8, 1, 6, 0,
  0x20, 0, 0x40, 0, 0x0b,
];
const type = [1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f];
const functions = [3, 2, 1, 0];
const moduleWith = (memory: readonly number[]) =>
  new Uint8Array([...preamble, ...custom, ...type, ...functions, ...memory, ...code]);

async function growBy(wasm: Uint8Array<ArrayBuffer>, pages: number): Promise<unknown> {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(wasm), {});
  return (exports["grow"] as (pages: number) => number)(pages);
}

describe("the memory of a WebAssembly module", () => {
  it.each([
    ["without a maximum", [5, 3, 1, 0, 2]],
    ["with a higher maximum", [5, 5, 1, 1, 2, 0x80, 0x08]],
    ["in a long form", [5, 5, 1, 0, 0x82, 0x80, 0x00]],
  ])("ends at the limit: %s", async (_, memory) => {
    expect(await growBy(moduleWith(memory), 500)).toBe(2);
    const limited = limitMemory(moduleWith(memory), 16);
    expect([await growBy(limited, 254), await growBy(limited, 255)]).toEqual([2, -1]);
  });

  it("must be there and begin below the limit", () => {
    expect(() => limitMemory(moduleWith([]), 16)).toThrow("has no memory");
    expect(() => limitMemory(moduleWith([5, 4, 1, 0, 0x81, 0x02]), 16)).toThrow("begins with more memory");
  });
});
