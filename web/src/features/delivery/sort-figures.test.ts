import { expect, it } from "vitest";
import { formatFrequency, formatRate, sortFigures } from "./sort-figures.ts";

const rows = [
  { name: "a", failureRate: 0.1 },
  { name: "b" },
  { name: "c", failureRate: 0.5, leadTime: { medianMs: 10 } },
];

it("puts the most first and what tells nothing last", () => {
  const namesBy = (order: Parameters<typeof sortFigures>[1]) =>
    sortFigures(rows, order).map(({ name }) => name);
  expect(namesBy(undefined)).toEqual(["a", "b", "c"]);
  expect(namesBy("failureRate")).toEqual(["c", "a", "b"]);
  expect(namesBy("leadTime")).toEqual(["c", "a", "b"]);
});

it("says how often in the largest unit that fits", () => {
  expect([3, 0.5, 0.05, 0, undefined].map((one) => formatFrequency(one))).toEqual([
    "3.0 a day",
    "3.5 a week",
    "1.5 a month",
    "–",
    "–",
  ]);
  expect([0, 0.254, undefined].map((one) => formatRate(one))).toEqual(["0 %", "25 %", "–"]);
});
