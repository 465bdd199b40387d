import { parseTime } from "#core/cron/index.ts";

export function shortCommit(id: string): string {
  return id.slice(0, 7);
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** How long ago a time was, such as `3d` or `2h`; a text that is no time as it is. */
export function formatAge(time: string, nowMs: number): string {
  const ms = parseTime(time);
  if (ms === undefined) return time;
  const age = Math.max(0, nowMs - ms);
  const [unit, size] = units.find(([, least]) => age >= least) ?? ["s", 1_000];
  return `${Math.floor(age / size)}${unit}`;
}
