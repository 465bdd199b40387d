import { formatAgo, formatDuration, formatMoment } from "../../../lib/format.ts";
import type { Application } from "../application-query.ts";

/** What is so, and what is next. */
export type Clauses = readonly [is: string, next: string];

/** What the message of an operation says that waits for its next attempt. */
interface RetryWait {
  /** What went wrong before. */
  readonly because: string;
  readonly attempt: number;
  /** RFC 3339. */
  readonly at: string;
}

const retry = /^(.*)\. Retrying attempt #(\d+) at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.$/su;

/** When an operation is tried again; undefined for a message that says nothing of it. */
export function retryWaitIn(message: string | undefined): RetryWait | undefined {
  const found = retry.exec(message ?? "");
  if (found === null) return undefined;
  const [, because = "", attempt = "", at = ""] = found;
  return { because, attempt: Number(attempt), at };
}

const held = "sync operation blocked by sync window: ";

/** Why a sync that runs goes no further for now; undefined unless a window holds it. */
export function heldByWindow(message: string | undefined): string | undefined {
  if (message === undefined || !message.startsWith(held)) return undefined;
  return message.slice(held.length).split(". Before that: ")[0];
}

/** A message without the name of the application that it begins with, which the page says already. */
export function withoutSubject(message: string, { metadata }: Application): string {
  const { namespace = "", name = "" } = metadata ?? {};
  const subject = `Application/${namespace}/${name}: `;
  return message.startsWith(subject) ? message.slice(subject.length) : message;
}

/** A message without what one would type: the page has buttons for that, or shows the command by itself. */
export function withoutCommands(message: string): string {
  return message
    .replace(/; see it with: .*$/su, "")
    .replace(/; to approve it run: .*?(?=, since \d{4}-|$)/su, "")
    .replace(/; to stop it run: .*$/su, "");
}

/** The same of a message whose clauses stand behind semicolons, wherever the commands are. */
export function withoutClausesToType(message: string): string {
  return message
    .split("; ")
    .filter((clause) => !/\bmooring [a-z]/u.test(clause))
    .join("; ");
}

/** The command at the end of a message. */
export function commandIn(message: string): string | undefined {
  return /approve it with: (mooring app approve \S+ \S+)$/u.exec(message)?.[1];
}

const time = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)`;

/** A message with its times as people say them: `since …` as how long, `at …` as how long ago, or when and in how long. */
export function sayTimes(message: string, nowMs: number): string {
  return message
    .replaceAll(new RegExp(`since ${time}`, "gu"), (_, since: string) => `for ${formatSince(since, nowMs)}`)
    .replaceAll(new RegExp(`at ${time}`, "gu"), (_, at: string) => {
      if (new Date(at).getTime() > nowMs) return `at ${formatMoment(at, nowMs)}`;
      const said = formatAgo(at, nowMs);
      return said === "" ? `at ${at}` : said;
    });
}

/** As a part of a sentence: without the full stop at its end. */
export function asClause(message: string): string {
  return message.trim().replace(/\.$/u, "");
}

/** A commit in a message is said by its first letters. */
export function shortenRevisions(message: string): string {
  return message.replaceAll(/\b[0-9a-f]{40}\b/gu, (revision) => revision.slice(0, 7));
}

/** How long something has been so, in the unit that matters, such as `5 min`. */
export function formatSince(time: string, nowMs: number): string {
  const ms = nowMs - new Date(time).getTime();
  return ms < 1_000 ? "a moment" : formatDuration(ms).split(" ").slice(0, 2).join(" ");
}
