import { dayNumber } from "#core/cron/index.ts";

/** How far the clocks of a place are ahead of UTC. */
export interface Zone {
  /** In milliseconds, at a moment in Unix milliseconds. */
  offsetAt(ms: number): number;
  /** The first moment after one and before another at which the clocks are put forward or back. */
  nextShift(afterMs: number, beforeMs: number): number | undefined;
}

const utc: Zone = { offsetAt: () => 0, nextShift: () => undefined };
/** No place puts its clocks forward and back again in so short a time. */
const stepMs = 7 * 86_400_000;
const searchedMs = 10 * 366 * 86_400_000;

const known = new Map<string, Zone>();

/** A time zone by its IANA name, UTC when it is empty; undefined when there is none of that name. */
export function findZone(name: string): Zone | undefined {
  if (name === "" || name === "UTC") return utc;
  // Offsets such as +01:00, which are no names, would be taken here and refused by Argo CD.
  if (!/^[A-Za-z]/u.test(name)) return undefined;
  const found = known.get(name) ?? openZone(name);
  if (found !== undefined) known.set(name, found);
  return found;
}

function openZone(timeZone: string): Zone | undefined {
  const format = formatFor(timeZone);
  if (format === undefined) return undefined;
  const offsetAt = (ms: number): number => wallTime(format, ms) - Math.floor(ms / 1_000) * 1_000;
  return { offsetAt, nextShift: (after, before) => findShift(offsetAt, after, before) };
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** What the clocks show, read as if it were UTC; whole seconds. */
function wallTime(format: Intl.DateTimeFormat, ms: number): number {
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type) ?? 0);
  const day = dayNumber({ year: part("year"), month: part("month"), day: part("day") });
  return (((day * 24 + part("hour")) * 60 + part("minute")) * 60 + part("second")) * 1_000;
}

function findShift(offsetAt: Zone["offsetAt"], afterMs: number, beforeMs: number): number | undefined {
  const end = Math.min(beforeMs, afterMs + searchedMs);
  let from = afterMs;
  let offset = offsetAt(from);
  while (from < end) {
    const to = Math.min(from + stepMs, end);
    const other = offsetAt(to);
    if (other !== offset) return narrow(offsetAt, from, to);
    from = to;
    offset = other;
  }
  return undefined;
}

/** The moment between two at which the offset of the first no longer holds. */
function narrow(offsetAt: Zone["offsetAt"], from: number, to: number): number {
  const offset = offsetAt(from);
  let [before, after] = [Math.floor(from / 1_000), Math.ceil(to / 1_000)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * 1_000) === offset) before = middle;
    else after = middle;
  }
  return after * 1_000;
}
