import { wrong } from "#core/settings/read-yaml.ts";
import { dayNumber } from "#core/cron/calendar.ts";

const truths = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falsehoods = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** As Go's strconv.ParseBool reads it. Throws CONFIG_INVALID. */
export function readBoolean(text: string): boolean {
  if (truths.has(text)) return true;
  if (falsehoods.has(text)) return false;
  throw wrong("it is neither true nor false; write one of them");
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/u;

/** Milliseconds since 1970 of a time such as `2026-11-23T20:30:12Z`. Throws CONFIG_INVALID. */
export function readTime(text: string): number {
  const match = rfc3339.exec(text);
  if (match === null) throw wrong("it is no time; write it like 2026-11-23T20:30:12Z");
  const at = (index: number) => Number(match[index] ?? 0);
  const days = dayNumber({ year: at(1), month: at(2), day: at(3) });
  const offsetMinutes = (match[8] === "-" ? -1 : 1) * (at(9) * 60 + at(10));
  const minutes = days * 1_440 + at(4) * 60 + at(5) - offsetMinutes;
  return (minutes * 60 + at(6)) * 1_000 + Math.floor(Number(`0.${match[7] ?? "0"}`) * 1_000);
}
