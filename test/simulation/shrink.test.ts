import { expect, it } from "vitest";
import type { Verdict } from "./run-seed.ts";
import type { SeedOptions } from "./seed-runner.ts";
import { shrink } from "./shrink.ts";

it("finds the steps and the kinds of faults that a failure needs", async () => {
  let runs = 0;
  const run = async ({ seed, only, without }: SeedOptions): Promise<Verdict> => {
    runs += 1;
    const fails = [3, 17].every((step) => only?.has(step) !== false) && without?.has("late") !== true;
    return { seed, findings: fails ? ["it broke"] : [], settledMs: 0, writes: 0 };
  };
  const { options, verdict } = await shrink({ seed: 1, steps: 25 }, run);
  expect([...(options.only ?? [])]).toEqual([3, 17]);
  expect(options.without?.has("late")).toBe(false);
  expect(options.without?.size).toBe(14);
  expect(verdict.findings).toEqual(["it broke"]);
  expect(runs).toBeLessThan(100);
});
