const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always", style: "narrow" });

/** How long ago a time is, such as `5m ago`; `now` within five seconds. */
export function formatAgo(time: string | number | Date, nowMs: number): string {
  const seconds = Math.round((new Date(time).getTime() - nowMs) / 1_000);
  if (!Number.isFinite(seconds)) return "";
  // The clock of the page is some seconds late, and the server's may be a little ahead.
  if (seconds > -5 && seconds < 15) return "now";
  const [unit, size] = steps.find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

/** A duration in the two units that matter, such as `1 h 5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

// Making one takes longer than all else that a row does.
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });

/** The exact time, as it is shown on hover. */
export function formatExact(time: string | number | Date): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  return exact.format(date);
}

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const dayAndClock = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** A time that is to come, by the reader's clock, and how long that is: `14:00 (in 2 h)`, on another day with the day. */
export function formatMoment(time: string | number | Date, nowMs: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "";
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  const inMs = Math.max(0, date.getTime() - nowMs);
  const left = inMs < 60_000 ? "any moment" : `in ${formatDuration(Math.ceil(inMs / 60_000) * 60_000)}`;
  return `${(isToday ? clock : dayAndClock).format(date)} (${left})`;
}

/** The first letters of a commit; what is none stays as it is. */
export function formatRevision(revision: string): string {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(revision) ? revision.slice(0, 7) : revision;
}

/** A repository's address as people say it: without scheme, user and `.git`. */
export function formatRepository(url: string): string {
  return url.replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/u, "").replace(/\.git$/u, "");
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = (bytes / 1_024 ** power).toLocaleString("en", { maximumFractionDigits: 1 });
  return `${amount} ${byteUnits[power] ?? ""}`;
}
