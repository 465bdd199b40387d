import { expect, it } from "vitest";
import { RecentResults } from "./recent-results.ts";

it("keeps the results that were asked for last", () => {
  const results = new RecentResults<object, number>(2);
  const keys = [0, 1, 2, 3, 4].map(() => ({}));
  for (const [i, key] of keys.entries()) {
    results.set(key, i);
    expect(results.get(keys[0] ?? {})).toBe(0);
  }
  expect(keys.map((key) => results.get(key))).toEqual([0, undefined, undefined, 3, 4]);
});
