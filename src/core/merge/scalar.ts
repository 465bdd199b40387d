import { sameQuantity } from "./quantity.ts";
import type { JsonValue } from "#core/object/index.ts";

const DURATION_UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000_000_000,
  m: 60_000_000_000,
  s: 1_000_000_000,
  ms: 1_000_000,
  us: 1_000,
  µs: 1_000,
  ns: 1,
};

/** True when the API server stores both scalars as the same value of this format. */
export function sameScalar(format: string | undefined, a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (!isText(a) || !isText(b)) return false;
  if (format === "quantity") return sameQuantity(a, b);
  if (format === "duration") return sameDuration(String(a), String(b));
  return format === "byte" && withoutLineBreaks(a) === withoutLineBreaks(b);
}

function isText(value: JsonValue): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** The server decodes base64 over line breaks, as YAML block scalars hold them, and prints it without. */
function withoutLineBreaks(value: string | number): string {
  return String(value).replaceAll(/[\r\n]/g, "");
}

function sameDuration(a: string, b: string): boolean {
  const length = parseDuration(a);
  return length !== undefined && length === parseDuration(b);
}

/** A Go duration such as `1h30m` in nanoseconds; undefined when it is none. */
function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const match = /^([+-]?)((?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (match === null) return undefined;
  let total = 0;
  for (const [, amount, unit] of (match[2] ?? "").matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Math.round(Number(amount) * (DURATION_UNITS[unit ?? ""] ?? 0));
  }
  return match[1] === "-" ? -total : total;
}
