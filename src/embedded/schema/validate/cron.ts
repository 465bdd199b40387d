import type { FieldError } from "../rules.ts";
import { invalid } from "./field-errors.ts";

interface CronField {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fields: readonly CronField[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ["", ...months] },
  { min: 0, max: 6, names: days },
];
const descriptors = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

/** What is wrong with a cron schedule, in the words of the parser that the API server uses. */
export function checkSchedule(path: string, schedule: string): readonly FieldError[] {
  if (schedule.includes("TZ")) {
    return [invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")];
  }
  const problem = problemOf(schedule.trim());
  return problem === undefined ? [] : [invalid(path, schedule, problem)];
}

function problemOf(schedule: string): string | undefined {
  if (schedule.startsWith("@every ")) {
    const duration = schedule.slice("@every ".length);
    return /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(duration)
      ? undefined
      : `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(duration)}`;
  }
  if (schedule.startsWith("@")) {
    return descriptors.test(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
  }
  const parts = schedule.split(/\s+/);
  if (parts.length !== fields.length) {
    return `expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`;
  }
  return fields
    .map((field, i) => problemOfField(parts[i] ?? "", field))
    .find((problem) => problem !== undefined);
}

function problemOfField(text: string, field: CronField): string | undefined {
  return text
    .split(",")
    .map((range) => problemOfRange(range, field))
    .find((problem) => problem !== undefined);
}

function problemOfRange(text: string, field: CronField): string | undefined {
  const [range = "", step, ...more] = text.split("/");
  if (more.length > 0) return `too many slashes: ${text}`;
  const [from = "", to, ...others] = range.split("-");
  if (others.length > 0) return `too many hyphens: ${text}`;
  const isAny = from === "*" || from === "?";
  const start = isAny ? field.min : numberOf(from, field);
  if (typeof start === "string") return start;
  const end =
    isAny || (to === undefined && step !== undefined)
      ? field.max
      : to === undefined
        ? start
        : numberOf(to, field);
  if (typeof end === "string") return end;
  const every = step === undefined ? 1 : plainNumber(step);
  if (typeof every === "string") return every;
  if (start < field.min) return `beginning of range (${start}) below minimum (${field.min}): ${text}`;
  if (end > field.max) return `end of range (${end}) above maximum (${field.max}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return every === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

/** A number, or what is wrong with it. */
function numberOf(text: string, field: CronField): number | string {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 && text !== "" ? named : plainNumber(text);
}

function plainNumber(text: string): number | string {
  if (/^\d+$/.test(text)) return Number(text);
  return /^-\d+$/.test(text)
    ? `negative number (${text}) not allowed: ${text}`
    : `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
}
