import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Scenario } from "./scenario.ts";

const run = promisify(execFile);
const reportPath = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));

/** What one measurement gave. */
export interface Row {
  readonly scenario: Scenario;
  readonly value: string;
  readonly unit: string;
  readonly ratio: number;
  readonly notes: readonly string[];
}

const introduction = `# Benchmarks

The last run of \`make bench\`; the file is written by it. \`make bench ONLY=name\` replaces one row.

A ratio is to what stands under "against", and more is better in all of them: 1 is as fast as the bare loop, or exactly the target.
The peers (Argo CD, Flux) are not run here, so there is no ratio to them. Each scenario has a control plane and a controller process of
its own; API server, etcd, controller and load share the machine's cores, so figures of two machines cannot be compared, ratios can.
`;

/** Writes docs/benchmarks.md: new rows in place of their old ones, the others as they were. */
export async function writeReport(rows: readonly Row[], all: readonly Scenario[]): Promise<void> {
  const known = await readRows();
  const machine = await describeMachine();
  for (const row of rows) known.set(row.scenario.name, formatRow(row, machine));
  const names = all.map(({ name }) => name).filter((name) => known.has(name));
  const table = names.map((name) => known.get(name));
  const details = all
    .filter(({ name }) => known.has(name))
    .map(
      ({ name, what, against, limits }) =>
        `### ${name}\n\n${what}.\n\n- Against: ${against}.\n- What limits it: ${limits}\n`,
    );
  const text = [
    introduction,
    "| scenario | figure | ratio | goal | measured | details |",
    "| --- | --- | --- | --- | --- | --- |",
    ...table,
    "",
    "## What is measured, and what limits it",
    "",
    ...details,
  ].join("\n");
  await writeFile(reportPath, text);
  const formatter = fileURLToPath(new URL("../../node_modules/.bin/oxfmt", import.meta.url));
  await run(formatter, [reportPath]);
}

async function readRows(): Promise<Map<string, string>> {
  const text = await readFile(reportPath, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  const rows = text.split("\n").filter((line) => /^\| [a-z]/u.test(line) && !line.startsWith("| scenario"));
  return new Map(rows.map((line) => [line.split("|")[1]?.trim() ?? "", line]));
}

function formatRow({ scenario, value, unit, ratio, notes }: Row, machine: string): string {
  const cells = [
    scenario.name,
    `${value} ${unit}`,
    ratio.toFixed(2),
    `${scenario.goal}`,
    machine,
    notes.map((note) => note.replaceAll("|", "/")).join("; "),
  ];
  return `| ${cells.join(" | ")} |`;
}

async function describeMachine(): Promise<string> {
  const { stdout } = await run("git", ["rev-parse", "--short", "HEAD"]);
  const gib = Math.round(totalmem() / 1024 ** 3);
  const day = new Date().toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? "";
  return `${day}, ${stdout.trim()}, ${availableParallelism()} cores${model === "" || model === "unknown" ? "" : ` ${model}`}, ${gib} GiB`;
}
