import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { runMany } from "./seed-runner.ts";
import { runSeed } from "./run-seed.ts";

const count = Number(process.env["MOORING_SEEDS"] ?? 1_000);
/** More of them make a seed slower; a thousand are to be played within three minutes. */
const steps = Number(process.env["MOORING_STEPS"] ?? 16);
const from = Number(process.env["MOORING_SEED"] ?? 1);

it(`keeps its promises whatever goes wrong: ${count} seeds from ${from}`, async () => {
  const failed = await runMany({ from, count, steps, threads: availableParallelism(), maxFailures: 5 });
  const findings = failed.map((verdict) => [
    `npm run simulate -- --seed ${verdict.seed} --steps ${steps}`,
    ...verdict.findings,
  ]);
  expect(findings).toEqual([]);
});

it("plays the same for the same seed", async () => {
  const play = async (): Promise<readonly string[]> => {
    const lines: string[] = [];
    await runSeed({ seed: 7, steps: 25, trace: (atMs, text) => lines.push(`${atMs} ${text}`) });
    return lines;
  };
  const [first, second] = [await play(), await play()];
  expect(first.length).toBeGreaterThan(50);
  expect(second).toEqual(first);
});
