import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { FaultKind } from "./faults.ts";
import { faultKinds } from "./faults.ts";
import type { Verdict } from "./run-seed.ts";
import { runSeed } from "./run-seed.ts";
import type { SeedOptions } from "./seed-runner.ts";
import { runMany, SeedRunner } from "./seed-runner.ts";
import { shrink } from "./shrink.ts";

const usage = `usage: npm run simulate -- [--seed N | --seeds COUNT [--from N]] [options]

Plays Mooring with simulated clusters, repositories, people and faults. The same seed plays the same.

  --seed N         play this one, and shrink it when it fails
  --seeds COUNT    play so many (1000)
  --from N         the first of them (1)
  --steps M        how many things are done in each (25)
  --only A,B       only these steps, by their numbers
  --without F,G    without these faults: ${faultKinds.join(", ")}
  --trace          print everything that happens
  --no-shrink      do not look for fewer steps and faults that fail
`;

const settings = parseSettings(process.argv.slice(2));

interface Settings {
  readonly seed: number | undefined;
  readonly seeds: number;
  readonly from: number;
  readonly options: Omit<SeedOptions, "seed">;
  readonly trace: boolean;
  readonly shrinks: boolean;
}

function parseSettings(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      seed: { type: "string" },
      seeds: { type: "string", default: "1000" },
      from: { type: "string", default: "1" },
      steps: { type: "string", default: "25" },
      only: { type: "string" },
      without: { type: "string", default: "" },
      trace: { type: "boolean", default: false },
      shrink: { type: "boolean", default: true },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const without = values.without.split(",").filter((name) => name !== "");
  const unknown = without.find((name) => !(faultKinds as readonly string[]).includes(name));
  if (unknown !== undefined) fail(`--without: there is no fault ${unknown}`);
  return {
    seed: values.seed === undefined ? undefined : wholeNumber("seed", values.seed),
    seeds: wholeNumber("seeds", values.seeds),
    from: wholeNumber("from", values.from),
    options: {
      steps: wholeNumber("steps", values.steps),
      without: new Set(without as FaultKind[]),
      ...(values.only === undefined
        ? {}
        : { only: new Set(values.only.split(",").map((text) => wholeNumber("only", text))) }),
    },
    trace: values.trace,
    shrinks: values.shrink,
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 && text !== ""
    ? value
    : fail(`--${name}: ${text} is not a whole number`);
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n\n${usage}`);
  process.exit(2);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function formatVerdict({ seed, findings, settledMs, writes }: Verdict): string {
  if (findings.length === 0) return `seed ${seed}: settled after ${settledMs / 1000} s, ${writes} writes`;
  return [`seed ${seed}: FAILED`, ...findings.map((finding) => `  ${finding}`)].join("\n");
}

function commandOf({ seed, steps, only, without }: SeedOptions): string {
  const parts = [`npm run simulate -- --seed ${seed} --steps ${steps}`];
  if (only !== undefined) parts.push(`--only ${[...only].join(",")}`);
  if (without !== undefined && without.size > 0) parts.push(`--without ${[...without].join(",")}`);
  return `${parts.join(" ")} --trace`;
}

async function explain(failing: SeedOptions): Promise<void> {
  say("looking for less that fails as well ...");
  await using runner = new SeedRunner();
  const { options, verdict } = await shrink(failing, (less) => runner.run(less));
  say(`${formatVerdict(verdict)}\n  ${commandOf(options)}`);
}

async function runOne(seed: number): Promise<number> {
  const options = { ...settings.options, seed };
  const trace = (atMs: number, text: string): void => say(`${(atMs / 1000).toFixed(3)} ${text}`);
  const verdict = await runSeed({ ...options, ...(settings.trace ? { trace } : {}) });
  say(formatVerdict(verdict));
  if (verdict.findings.length > 0 && settings.shrinks && !settings.trace) await explain(options);
  return verdict.findings.length > 0 ? 1 : 0;
}

async function runAll(): Promise<number> {
  const { seeds: count, from, options } = settings;
  const startedAt = performance.now();
  let done = 0;
  const failed = await runMany({
    from,
    count,
    steps: options.steps,
    threads: availableParallelism(),
    maxFailures: 20,
    onVerdict: (verdict) => {
      done += 1;
      if (verdict.findings.length > 0) say(formatVerdict(verdict));
      if (done % 100 === 0) say(`${done} of ${count}`);
    },
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  say(`${done} seeds in ${seconds} s, ${failed.length} failed`);
  const [first] = failed;
  if (first !== undefined && settings.shrinks) await explain({ ...options, seed: first.seed });
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = settings.seed === undefined ? await runAll() : await runOne(settings.seed);
