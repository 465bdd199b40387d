import { wrong } from "#core/settings/read-yaml.ts";
import { parseTime } from "#core/cron/parse-time.ts";

const truths = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falsehoods = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** As Go's strconv.ParseBool reads it. Throws CONFIG_INVALID. */
export function readBoolean(text: string): boolean {
  if (truths.has(text)) return true;
  if (falsehoods.has(text)) return false;
  throw wrong("it is neither true nor false; write one of them");
}

/** Milliseconds since 1970 of a time such as `2026-11-23T20:30:12Z`. Throws CONFIG_INVALID. */
export function readTime(text: string): number {
  const ms = parseTime(text);
  if (ms === undefined) throw wrong("it is no time; write it like 2026-11-23T20:30:12Z");
  return ms;
}
