import { expect, it } from "vitest";
import { FailureBudget } from "./failure-budget.ts";

function start() {
  let nowMs = 0;
  const clock = { now: () => nowMs };
  const budget = new FailureBudget({ limit: 3, windowMs: 60_000, maxKeys: 2, clock });
  const pass = (ms: number): void => void (nowMs += ms);
  return { budget, pass };
}

it("counts at once what nobody waits for the end of, until it is forgiven", () => {
  const { budget, pass } = start();
  expect(Array.from({ length: 4 }, () => budget.spend("a"))).toEqual(["taken", "taken", "taken", "spent"]);
  expect(budget.spend("b")).toBe("taken");
  expect(budget.spend("c")).toBe("uncounted");
  pass(20_000);
  expect([budget.spend("a"), budget.spend("a")]).toEqual(["taken", "spent"]);
  pass(60_000);
  expect(Array.from({ length: 4 }, () => budget.spend("a"))).toEqual(["taken", "taken", "taken", "spent"]);
});

it("has attempts that are being made stand in the way of more, and no longer than they last", () => {
  const { budget } = start();
  expect(Array.from({ length: 4 }, () => budget.take("a"))).toEqual(["taken", "taken", "taken", "busy"]);
  budget.giveBack("a");
  budget.fail("a");
  expect([budget.take("a"), budget.take("a")]).toEqual(["taken", "busy"]);
});
