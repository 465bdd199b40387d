import { parseDurationMs } from "../pods/duration.ts";

/** When something happens again and again, in UTC. */
export interface CronSchedule {
  /** The first time behind this one; undefined when there is none within years. */
  next(afterMs: number): number | undefined;
}

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** A leap day on a weekday is the rarest: it comes within 40 years. */
const maxYears = 41;
const minuteMs = 60_000;

interface Field {
  readonly values: ReadonlySet<number>;
  readonly isAny: boolean;
}

interface Fields {
  readonly minute: Field;
  readonly hour: Field;
  readonly day: Field;
  readonly month: Field;
  readonly weekday: Field;
}

/** Parses the five fields of a crontab line, a macro or `@every 5m`; undefined when the text is none of them. */
export function parseCron(text: string): CronSchedule | undefined {
  const every = /^@every\s+(\S+)$/.exec(text.trim())?.[1];
  if (every !== undefined) return parseEvery(every);
  const parts = (macros[text.trim()] ?? text.trim()).split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minute, hour, day, month, weekday] = [
    parseField(parts[0], { min: 0, max: 59, names: [] }),
    parseField(parts[1], { min: 0, max: 23, names: [] }),
    parseField(parts[2], { min: 1, max: 31, names: [] }),
    parseField(parts[3], { min: 1, max: 12, names: months }),
    parseField(parts[4], { min: 0, max: 6, names: weekdays }),
  ];
  if (!minute || !hour || !day || !month || !weekday) return undefined;
  const fields = { minute, hour, day, month, weekday };
  return { next: (afterMs) => nextTime(fields, afterMs) };
}

/** As the library does that Kubernetes uses: whole seconds, counted from the time before. */
function parseEvery(text: string): CronSchedule | undefined {
  const ms = parseDurationMs(text);
  if (ms === undefined) return undefined;
  const everyMs = Math.max(1000, Math.floor(ms / 1000) * 1000);
  return { next: (afterMs) => Math.floor(afterMs / 1000) * 1000 + everyMs };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

function parseField(text: string | undefined, range: Range): Field | undefined {
  const values = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const parsed = parsePart(part, range);
    if (parsed === undefined) return undefined;
    for (const value of parsed) values.add(value);
  }
  return { values, isAny: /^[*?]/.test(text ?? "") };
}

/** The values of `*`, `5`, `mon-fri` or one of them with a step. */
function parsePart(text: string, range: Range): readonly number[] | undefined {
  const [span = "", stepText, ...rest] = text.split("/");
  const step = stepText === undefined ? 1 : numberOf(stepText, { min: 1, max: range.max, names: [] });
  const bounds = boundsOf(span, { range, isOpen: stepText !== undefined });
  if (step === undefined || bounds === undefined || rest.length > 0) return undefined;
  const [first, last] = bounds;
  const values: number[] = [];
  for (let value = first; value <= last; value += step) values.push(value);
  return values;
}

function boundsOf(
  span: string,
  { range, isOpen }: { readonly range: Range; readonly isOpen: boolean },
): readonly [number, number] | undefined {
  if (span === "*" || span === "?") return [range.min, range.max];
  const [from = "", to, ...rest] = span.split("-");
  const first = numberOf(from, range);
  const last = to === undefined ? (isOpen ? range.max : first) : numberOf(to, range);
  if (first === undefined || last === undefined || last < first || rest.length > 0) return undefined;
  return [first, last];
}

function numberOf(text: string, { min, max, names }: Range): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return value >= min && value <= max ? value : undefined;
}

function nextTime(fields: Fields, afterMs: number): number | undefined {
  const time = new Date((Math.floor(afterMs / minuteMs) + 1) * minuteMs);
  const lastYear = time.getUTCFullYear() + maxYears;
  while (time.getUTCFullYear() < lastYear) {
    if (!fields.month.values.has(time.getUTCMonth() + 1)) {
      time.setUTCMonth(time.getUTCMonth() + 1, 1);
      time.setUTCHours(0, 0);
    } else if (!isDay(fields, time)) {
      time.setUTCDate(time.getUTCDate() + 1);
      time.setUTCHours(0, 0);
    } else if (!fields.hour.values.has(time.getUTCHours())) {
      time.setUTCHours(time.getUTCHours() + 1, 0);
    } else if (!fields.minute.values.has(time.getUTCMinutes())) {
      time.setUTCMinutes(time.getUTCMinutes() + 1);
    } else {
      return time.getTime();
    }
  }
  return undefined;
}

/** With both a day and a weekday given, either is enough. */
function isDay({ day, weekday }: Fields, time: Date): boolean {
  const [isDate, isWeekday] = [day.values.has(time.getUTCDate()), weekday.values.has(time.getUTCDay())];
  return day.isAny || weekday.isAny ? isDate && isWeekday : isDate || isWeekday;
}

const windowsMs = [60, 24 * 60, 32 * 24 * 60, 366 * 24 * 60, maxYears * 366 * 24 * 60].map(
  (minutes) => minutes * minuteMs,
);

/** The last time behind one and not behind another; undefined when there is none. */
export function lastTime(
  schedule: CronSchedule,
  { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
): number | undefined {
  // What happens each minute is found without going through a year of minutes.
  for (const windowMs of windowsMs) {
    const from = Math.max(afterMs, untilMs - windowMs);
    let found: number | undefined;
    for (let next = schedule.next(from); next !== undefined && next <= untilMs; next = schedule.next(next)) {
      found = next;
    }
    if (found !== undefined || from === afterMs) return found;
  }
  return undefined;
}
