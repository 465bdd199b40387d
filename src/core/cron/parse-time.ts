import { dayNumber } from "./calendar.ts";

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/u;

/** Milliseconds since 1970 of a time of RFC 3339, such as `2026-11-23T20:30:12Z`; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const at = (index: number) => Number(match[index] ?? 0);
  const days = dayNumber({ year: at(1), month: at(2), day: at(3) });
  const offsetMinutes = (match[8] === "-" ? -1 : 1) * (at(9) * 60 + at(10));
  const minutes = days * 1_440 + at(4) * 60 + at(5) - offsetMinutes;
  return (minutes * 60 + at(6)) * 1_000 + Math.floor(Number(`0.${match[7] ?? "0"}`) * 1_000);
}
