import fc from "fast-check";
import { expect, it } from "vitest";
import { NumberSet } from "./number-set.ts";

it("holds what a set of numbers holds", () => {
  const step = fc.tuple(fc.constantFrom("add", "delete", "has"), fc.nat({ max: 300 }));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const numbers = new NumberSet();
      const known = new Set<number>();
      for (const [verb, number] of steps) {
        if (verb === "add") {
          numbers.add(number);
          known.add(number);
        } else if (verb === "delete") {
          expect(numbers.delete(number)).toBe(known.delete(number));
        }
        expect(numbers.has(number)).toBe(known.has(number));
      }
      expect([...numbers.takeAll()]).toEqual([...known].toSorted((a, b) => a - b));
      expect([...numbers.takeAll()]).toEqual([]);
    }),
  );
});

it("comes to an end when what was taken is added again and again", () => {
  const numbers = new NumberSet();
  for (const number of [3, 31, 32, 90]) numbers.add(number);
  const taken: number[] = [];
  for (const number of numbers.takeAll()) {
    taken.push(number);
    numbers.add(number);
    numbers.add(3);
  }
  expect(taken).toEqual([3, 31, 32, 90]);
});
