/** A schedule as cron has it, in minutes of a calendar without time zone. */
export interface Cron {
  /** Sorted, never empty. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Both lists of days name some of them: a day of either fires, otherwise it must be in both. */
  readonly eitherDay: boolean;
}

export type ParsedCron =
  | { readonly ok: true; readonly cron: Cron }
  /** What is wrong and what to write instead. */
  | {
      readonly ok: false;
      readonly problem: string;
      /** It can be read, and no day fits it. */
      readonly isNever?: true;
    };

interface FieldSpec {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly words?: readonly string[];
}

const monthWords = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayWords = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fieldSpecs: readonly FieldSpec[] = [
  { name: "minute", low: 0, high: 59 },
  { name: "hour", low: 0, high: 23 },
  { name: "day of month", low: 1, high: 31 },
  { name: "month", low: 1, high: 12, words: monthWords },
  { name: "weekday", low: 0, high: 6, words: weekdayWords },
];

const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const maxLength = 1_024;

/**
 * Reads a schedule as Argo CD's cron parser does (https://pkg.go.dev/github.com/robfig/cron/v3): five fields with ranges, steps, lists
 * and names, or one of `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`. A schedule that no day fits, such as 30 February, is refused.
 */
export function parseCron(text: string): ParsedCron {
  if (text.length > maxLength) return wrong(`it is longer than ${maxLength} characters`);
  const trimmed = text.trim();
  if (/^(?:CRON_)?TZ=/u.test(trimmed)) return wrong("it names a time zone; write it in timeZone instead");
  if (trimmed.startsWith("@")) return parseDescriptor(trimmed);
  const words = trimmed.split(/\s+/u).filter((word) => word !== "");
  if (words.length !== fieldSpecs.length) {
    return wrong(
      `it has ${words.length} fields; write five: minute, hour, day of month, month, weekday, such as "0 22 * * *"`,
    );
  }
  const fields: Field[] = [];
  for (const [i, spec] of fieldSpecs.entries()) {
    const field = parseField(words[i] ?? "", spec);
    if (typeof field === "string") return wrong(field);
    fields.push(field);
  }
  return cronOf(fields);
}

function wrong(problem: string): ParsedCron {
  return { ok: false, problem };
}

function parseDescriptor(text: string): ParsedCron {
  const meant = descriptors[text];
  if (meant !== undefined) return parseCron(meant);
  if (text.startsWith("@every")) {
    return wrong(`"@every" says no moment to count from; write five fields, such as "0 */6 * * *"`);
  }
  return wrong(`"${text}" is not known; write five fields, or one of ${Object.keys(descriptors).join(", ")}`);
}

interface Field {
  readonly values: ReadonlySet<number>;
  /** Written as every value. */
  readonly isEvery: boolean;
}

/** A field's values, or what is wrong with it. */
function parseField(text: string, spec: FieldSpec): Field | string {
  const values = new Set<number>();
  let isEvery = false;
  for (const part of text.split(",").filter((one) => one !== "")) {
    const range = parseRange(part, spec);
    if (typeof range === "string") return range;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
    isEvery ||= range.isEvery;
  }
  if (values.size === 0) return `its ${spec.name} is "${text}", which names none; write * for every`;
  return { values, isEvery };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly isEvery: boolean;
}

function parseRange(part: string, spec: FieldSpec): Range | string {
  const [range = "", stepText, ...moreSteps] = part.split("/");
  const [first = "", last, ...moreBounds] = range.split("-");
  const what = `its ${spec.name} has "${part}"`;
  if (moreSteps.length > 0 || moreBounds.length > 0)
    return `${what}, which is no range; write ${example(spec)}`;
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (step === undefined || step === 0) return `${what}, whose step is no number above 0; write it like */2`;
  if ((first === "*" || first === "?") && last === undefined) {
    return { from: spec.low, to: spec.high, step, isEvery: step === 1 };
  }
  const from = parseBound(first, spec);
  const to = last === undefined ? (stepText === undefined ? from : spec.high) : parseBound(last, spec);
  if (from === undefined || to === undefined) {
    return `${what}, which is not ${spec.low} to ${spec.high}; write ${example(spec)}`;
  }
  if (from > to) return `${what}, which ends before it begins; write the smaller one first`;
  return { from, to, step, isEvery: false };
}

function example({ low, high, words }: FieldSpec): string {
  const named = words === undefined ? "" : `, ${words[1] ?? ""}-${words[2] ?? ""}`;
  return `a number, a range such as ${low}-${high}${named}, or *`;
}

function parseNumber(text: string): number | undefined {
  return /^\d{1,6}$/u.test(text) ? Number(text) : undefined;
}

function parseBound(text: string, { low, high, words = [] }: FieldSpec): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  const value = word < 0 ? parseNumber(text) : word + low;
  return value === undefined || value < low || value > high ? undefined : value;
}

function cronOf([minute, hour, dayOfMonth, month, weekday]: readonly Field[]): ParsedCron {
  if (!minute || !hour || !dayOfMonth || !month || !weekday) return wrong("it has no five fields");
  const sorted = ({ values }: Field) => [...values].toSorted((a, b) => a - b);
  const [firstDay = 1] = sorted(dayOfMonth);
  const fits = [...month.values].some((one) => firstDay <= (longestMonths[one - 1] ?? 0));
  if (weekday.isEvery && !fits) {
    const problem = `no month that it names has a day ${firstDay}, so it never comes; correct the day or the month`;
    return { ok: false, problem, isNever: true };
  }
  return {
    ok: true,
    cron: {
      minutes: sorted(minute),
      hours: sorted(hour),
      daysOfMonth: dayOfMonth.values,
      months: month.values,
      weekdays: weekday.values,
      eitherDay: !dayOfMonth.isEvery && !weekday.isEvery,
    },
  };
}
