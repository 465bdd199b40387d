import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AppKey } from "#core/app/index.ts";
import { findCycles } from "./cycles.ts";

/** `a: b c, b: a` */
function edgesOf(text: string): ReadonlyMap<AppKey, readonly AppKey[]> {
  return new Map(
    text.split(", ").map((line) => {
      const [from = "", to = ""] = line.split(":");
      return [from as AppKey, to.trim().split(" ") as unknown as readonly AppKey[]];
    }),
  );
}

function format(cycles: ReadonlyMap<AppKey, readonly AppKey[]>): readonly string[] {
  return [...cycles].map(([key, way]) => `${key}: ${way.join(" ")}`).toSorted();
}

describe("findCycles", () => {
  it.each([
    ["a: b, b: c", []],
    ["a: a", ["a: a a"]],
    ["a: b, b: a", ["a: a b a", "b: b a b"]],
    ["a: b, b: c d, c: d, d: b", ["b: b d b", "c: c d b c", "d: d b d"]],
    ["a: gone", []],
    ["a: b c, b: d, c: d, d: e", []],
  ])("in %j finds %j", (text, cycles) => {
    expect(format(findCycles(edgesOf(text)))).toEqual(cycles);
  });

  it("follows chains of any length, and names a way round that is one", () => {
    const length = 20_000;
    const key = (i: number) => `app-${i}` as AppKey;
    const chain = new Map(Array.from({ length }, (_, i) => [key(i), [key(i + 1)]]));
    expect(findCycles(chain).size).toBe(0);
    const ring = new Map([...chain, [key(length), [key(0)]]]);
    const cycles = findCycles(ring);
    expect(cycles.size).toBe(length + 1);
    const way = cycles.get(key(7)) ?? [];
    expect(way).toHaveLength(length + 2);
    expect(way.slice(1).every((to, i) => ring.get(way[i] ?? key(-1))?.includes(to))).toBe(true);
  });

  it("finds exactly who can come back to itself, by a way that exists", () => {
    const names = ["a", "b", "c", "d", "e", "f"] as unknown as readonly AppKey[];
    const graph = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), { maxLength: 14 });
    fc.assert(
      fc.property(graph, (pairs) => {
        const edges = Map.groupBy(pairs, ([from]) => from);
        const next = new Map([...edges].map(([from, all]) => [from, all.map(([, to]) => to)]));
        const cycles = findCycles(next);
        const reaches = (start: AppKey): boolean => {
          const seen = new Set<AppKey>();
          const front = [...(next.get(start) ?? [])];
          for (let at = front.pop(); at !== undefined; at = front.pop()) {
            if (seen.has(at)) continue;
            seen.add(at);
            front.push(...(next.get(at) ?? []));
          }
          return seen.has(start);
        };
        for (const name of names) {
          const way = cycles.get(name);
          expect(way !== undefined).toBe(reaches(name));
          if (way === undefined) continue;
          expect([way[0], way.at(-1)]).toEqual([name, name]);
          expect(way.slice(1).every((to, i) => next.get(way[i] ?? name)?.includes(to))).toBe(true);
        }
      }),
    );
  });
});
