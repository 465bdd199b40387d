import type { Cron } from "#core/cron/index.ts";
import { lastFire, nextFire, parseCron as parseFields } from "#core/cron/index.ts";
import { parseDurationMs } from "../pods/duration.ts";

/** When something happens again and again, in UTC. */
export interface CronSchedule {
  /** The first time behind this one; undefined when there is none within years. */
  next(afterMs: number): number | undefined;
  /** The last time behind one and not behind another; undefined when there is none. */
  last(span: { readonly afterMs: number; readonly untilMs: number }): number | undefined;
}

const minuteMs = 60_000;
const never: CronSchedule = { next: () => undefined, last: () => undefined };

/** Parses the five fields of a crontab line, a macro or `@every 5m`; undefined when the text is none of them. */
export function parseCron(text: string): CronSchedule | undefined {
  const every = /^@every\s+(\S+)$/.exec(text.trim())?.[1];
  if (every !== undefined) return parseEvery(every);
  const parsed = parseFields(text);
  if (parsed.ok) return scheduleOf(parsed.cron);
  return parsed.isNever === true ? never : undefined;
}

function scheduleOf(cron: Cron): CronSchedule {
  return {
    next: (afterMs) => toMs(nextFire(cron, Math.floor(afterMs / minuteMs) + 1)),
    last: ({ afterMs, untilMs }) => {
      const last = toMs(lastFire(cron, Math.floor(untilMs / minuteMs)));
      return last !== undefined && last > afterMs ? last : undefined;
    },
  };
}

function toMs(minute: number | undefined): number | undefined {
  return minute === undefined ? undefined : minute * minuteMs;
}

/** As the library does that Kubernetes uses: whole seconds, counted from the time before. */
function parseEvery(text: string): CronSchedule | undefined {
  const ms = parseDurationMs(text);
  if (ms === undefined) return undefined;
  const everyMs = Math.max(1000, Math.floor(ms / 1000) * 1000);
  const from = (afterMs: number) => Math.floor(afterMs / 1000) * 1000;
  return {
    next: (afterMs) => from(afterMs) + everyMs,
    last: ({ afterMs, untilMs }) => {
      const times = Math.floor((untilMs - from(afterMs)) / everyMs);
      return times < 1 ? undefined : from(afterMs) + times * everyMs;
    },
  };
}
