import { parseGoDuration } from "../../schema/types/time.ts";

/** Milliseconds of `1m30s`, `300ms` or a number of seconds; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const nanoseconds = parseGoDuration(text);
  return nanoseconds === undefined || nanoseconds < 0n ? undefined : Number(nanoseconds / 1_000_000n);
}
