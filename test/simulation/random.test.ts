import { expect, it } from "vitest";
import { createRandom } from "./random.ts";

it("draws the same numbers for the same seed, evenly, and others for another", () => {
  const draw = (seed: string) => {
    const random = createRandom(seed);
    return Array.from({ length: 1_000 }, () => random.int(10));
  };
  expect(draw("1")).toEqual(draw("1"));
  expect(draw("1")).not.toEqual(draw("2"));
  const counts = Map.groupBy(draw("3"), (drawn) => drawn);
  expect([...counts.values()].every(({ length }) => length > 60 && length < 140)).toBe(true);
});

it("forks without regard to what was drawn before", () => {
  const [one, other] = [createRandom("1"), createRandom("1")];
  other.next();
  expect(one.fork("faults").next()).toBe(other.fork("faults").next());
});
