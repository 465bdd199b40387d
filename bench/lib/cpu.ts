import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { round } from "./scenario.ts";

/** Ticks of /proc/PID/stat in a second: 100 on every Linux that runs this. */
const ticksPerSecond = 100;

/** CPU seconds so far of the programs that were started from a directory, by name. Linux only: elsewhere it is empty. */
export async function readCpu(directory: string): Promise<ReadonlyMap<string, number>> {
  const seconds = new Map<string, number>();
  const entries = await readdir("/proc").catch(() => []);
  for (const pid of entries.filter((entry) => /^\d+$/u.test(entry))) {
    const found = await readProcess(pid, directory);
    if (found !== undefined) seconds.set(found.name, (seconds.get(found.name) ?? 0) + found.seconds);
  }
  return seconds;
}

async function readProcess(pid: string, directory: string) {
  try {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    if (!command.includes(directory)) return undefined;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything; fields 14 and 15 are user and system time.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { name: path.basename(command.split("\0")[0] ?? ""), seconds: ticks / ticksPerSecond };
  } catch (error) {
    // It ended meanwhile.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** `kube-apiserver 1.2, etcd 0.4`: what was used between two readings. */
export function formatCpu(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string {
  return [...after]
    .map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)] as const)
    .filter(([, seconds]) => seconds >= 0.1)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, seconds]) => `${name} ${round(seconds)}`)
    .join(", ");
}
