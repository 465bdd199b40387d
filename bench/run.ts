import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { scenarios as api } from "./api.ts";
import { scenarios as atRest } from "./at-rest.ts";
import { scenarios as clusters } from "./clusters.ts";
import { scenarios as commit } from "./commit.ts";
import { scenarios as drift } from "./drift.ts";
import { scenarios as embedded } from "./embedded.ts";
import { scenarios as firstSync } from "./first-sync.ts";
import { type Row, writeReport } from "./lib/report.ts";
import type { Scenario } from "./lib/scenario.ts";
import { formatFigure } from "./lib/scenario.ts";
import { scenarios as memory } from "./memory.ts";
import { scenarios as monorepo } from "./monorepo.ts";
import { scenarios as pipelines } from "./pipelines.ts";
import { scenarios as rbac } from "./rbac.ts";
import { scenarios as render } from "./render.ts";
import { scenarios as ui } from "./ui/index.ts";

/**
 * `run.ts`: all scenarios, or those that ONLY names, one after the other, each in a process of its own.
 * `run.ts --measure NAME`: one of them, in this process.
 */
const all: readonly Scenario[] = [
  ...firstSync,
  ...atRest,
  ...drift,
  ...commit,
  ...monorepo,
  ...memory,
  ...render,
  ...rbac,
  ...api,
  ...ui,
  ...embedded,
  ...clusters,
  ...pipelines,
];

function chosen(only: string | undefined): readonly Scenario[] {
  if (only === undefined || only === "") return all;
  const some = all.filter(({ name }) => name === only || name.startsWith(`${only}-`));
  if (some.length > 0) return some;
  throw new Error(`ONLY=${only}: there is none; there are ${all.map(({ name }) => name).join(", ")}`);
}

async function measureHere(name: string): Promise<void> {
  const [scenario] = chosen(name);
  if (scenario === undefined) return;
  const figure = await scenario.measure((text) => say(`  ${text}`));
  say(formatFigure(name, figure));
}

async function measureApart(scenario: Scenario): Promise<Row> {
  const { name } = scenario;
  say(`${name}: ${scenario.what}`);
  const program = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [program, "--measure", name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    say(line);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${name}: ended with ${code ?? "a signal"}`);
  const [, value = "", unit = "", ratio = ""] =
    /^\S+ (\S+) (\S+) ratio=(\S+)$/u.exec(lines.at(-1) ?? "") ?? [];
  if (value === "") throw new Error(`${name}: printed no figure`);
  return { scenario, value, unit, ratio: Number(ratio), notes: lines.slice(0, -1).map((one) => one.trim()) };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const [flag, name = ""] = process.argv.slice(2);
  if (flag === "--measure") return measureHere(name);
  const rows: Row[] = [];
  const failures: Error[] = [];
  for (const scenario of chosen(process.env["ONLY"])) {
    try {
      rows.push(await measureApart(scenario));
      await writeReport(rows, all);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push(error);
      process.stderr.write(`${error.message}\n`);
    }
  }
  printTable(rows);
  if (failures.length > 0) throw new Error(`${failures.length} of the scenarios failed`);
  return undefined;
}

function printTable(rows: readonly Row[]): void {
  if (rows.length < 2) return;
  say("");
  for (const { scenario, value, unit, ratio } of rows) {
    const mark = ratio >= scenario.goal ? "reached" : `goal ${scenario.goal}`;
    say(
      `${scenario.name.padEnd(18)} ${value.padStart(8)} ${unit.padEnd(10)} ratio ${ratio.toFixed(2).padStart(6)}  ${mark}`,
    );
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
