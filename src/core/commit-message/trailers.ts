import { MooringError } from "../errors/index.ts";

/** A line such as `Signed-off-by: Ada` at the end of a commit's message: its key and its value. */
export type Trailer = readonly [key: string, value: string];

interface Block {
  readonly lines: readonly string[];
  /** The first line of the trailers; `lines.length` where there are none. */
  readonly start: number;
}

/**
 * A message with trailers where git finds them (git-interpret-trailers): in its last paragraph, which is never its first. A value takes one
 * line, whatever is in it. Throws CONFIG_INVALID for a key that git would not take for one.
 */
export function formatCommitMessage(message: string, trailers: readonly Trailer[]): string {
  const body = plain(message)
    .replaceAll(/[^\S\n]+$/gmu, "")
    .trim();
  if (trailers.length === 0) return `${body}\n`;
  const added = trailers.map(formatTrailer);
  const { lines, start } = findBlock(body);
  return [...lines, ...(start < lines.length ? [] : [""]), ...added, ""].join("\n");
}

/** The trailers of a message, as `git interpret-trailers --only-trailers --unfold --no-divider` has them. */
export function parseTrailers(message: string): readonly Trailer[] {
  const { lines, start } = findBlock(plain(message).trimEnd());
  const found: [string, string][] = [];
  let isOpen = false;
  for (const line of lines.slice(start)) {
    const last = found.at(-1);
    if (/^[ \t]/u.test(line)) {
      if (isOpen && last !== undefined) last[1] = `${last[1]} ${line.trim()}`.trim();
      continue;
    }
    const [, key, value = ""] = trailer.exec(line) ?? [];
    isOpen = key !== undefined;
    if (key !== undefined) found.push([key, value.trim()]);
  }
  return found;
}

const trailer = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/u;
/** What git itself writes: beside these a paragraph of trailers may have other lines. */
const ofGit = /^(?:Signed-off-by: |\(cherry picked from commit )/u;

function formatTrailer([key, value]: Trailer): string {
  if (!/^[A-Za-z0-9-]{1,100}$/u.test(key)) {
    throw new MooringError(
      "CONFIG_INVALID",
      `trailer ${JSON.stringify(key.slice(0, 100))}: is no key; use up to 100 letters, digits and hyphens`,
    );
  }
  return `${key}: ${plain(value).replaceAll(/\s+/gu, " ").trim()}`.trimEnd();
}

/** Without what moves the cursor or ends a text; every kind of line end is one. */
function plain(text: string): string {
  return text.replaceAll(/\r\n?|[\u0085\u2028\u2029]/gu, "\n").replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

/** As git's trailer.c does it, from the last line up to the blank line before. */
function findBlock(message: string): Block {
  const lines = message.split("\n");
  const none = { lines, start: lines.length };
  const titleEnd = lines.findIndex((line) => !line.startsWith("#") && line.trim() === "");
  if (titleEnd < 0) return none;
  const count = { trailers: 0, others: 0, continued: 0, ofGit: false };
  for (let at = lines.length - 1; at >= titleEnd; at -= 1) {
    const line = lines[at] ?? "";
    if (line.startsWith("#")) {
      count.others += count.continued;
      count.continued = 0;
    } else if (line.trim() === "") return isBlock(count) ? { lines, start: at + 1 } : none;
    else countLine(line, count);
  }
  return none;
}

interface Count {
  trailers: number;
  others: number;
  /** Lines that belong to the line before them, which is not read yet. */
  continued: number;
  ofGit: boolean;
}

function countLine(line: string, count: Count): void {
  if (ofGit.test(line) || trailer.test(line)) {
    count.trailers += 1;
    count.continued = 0;
    count.ofGit ||= ofGit.test(line);
  } else if (/^\s/u.test(line)) count.continued += 1;
  else {
    count.others += 1 + count.continued;
    count.continued = 0;
  }
}

function isBlock({ trailers, others, continued, ofGit: recognized }: Count): boolean {
  const strange = others + continued;
  return recognized ? trailers * 3 >= strange : trailers > 0 && strange === 0;
}
