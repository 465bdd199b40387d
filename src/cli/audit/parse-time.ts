import { usageError } from "../usage-error.ts";

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time in milliseconds since 1970, of how long ago it is (`90m`, `7d`) or as RFC 3339 says it. Throws CLI_USAGE. */
export function parseTime(flag: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const [, amount = "", unit = ""] = /^(\d{1,9})([smhd])$/u.exec(text) ?? [];
  if (unit !== "") return nowMs - Number(amount) * (units[unit] ?? 0);
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u.test(
    text,
  );
  const timeMs = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw usageError(`flag --${flag}: ${text} is no time; write 90m, 7d, 2026-01-31 or 2026-01-31T12:00:00Z`);
}
