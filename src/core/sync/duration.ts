import { MooringError } from "#core/errors/index.ts";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const whole = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/u;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gu;
const plainNumber = /^\d+$/u;

/**
 * Milliseconds of a duration in Go's syntax (`5s`, `1h30m`, `1.5m`; https://pkg.go.dev/time#ParseDuration). A number
 * without a unit counts seconds, as retry backoffs allow. Throws CONFIG_INVALID.
 */
export function parseDuration(text: string): number {
  if (plainNumber.test(text)) return Number(text) * 1_000;
  const match = whole.exec(text);
  if (match === null) {
    throw new MooringError(
      "CONFIG_INVALID",
      `duration ${JSON.stringify(text)}: not a number with a unit; write it like 5s, 3m or 1h30m`,
    );
  }
  const [, sign, parts = ""] = match;
  let totalMs = 0;
  for (const [, amount, unit = ""] of parts.matchAll(part)) totalMs += Number(amount) * (unitMs[unit] ?? 0);
  return sign === "-" ? -totalMs : totalMs;
}

/** A duration for people: `0s`, `250ms`, `18s`, `2m42s`, `1h5m`. */
export function formatDuration(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  const text = parts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount}${unit}`])).join("");
  return text === "" ? "0s" : text;
}
