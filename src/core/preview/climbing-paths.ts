const word = /[^\s"'`,[\]{}()<>|]+/gu;
const climbs = /(?:^|[/=:])\.\.(?:\/|$)/u;
/** Dots that cannot be seen. */
const hidden = /\\(?:x2e|u002e|U0000002e)|%2e/iu;
/** What is longer is cut, and a path that is cut stands for all that begins with it. */
const maxLineChars = 1_024;
const maxPaths = 10_000;

/**
 * The paths outside of its own directory that a file mentions, from the repository's root; "anything" for a text that may mention any.
 * It finds too much rather than too little: a path that holds a space is found as it is and cut there. The time is in proportion to the text.
 */
export function climbingPaths(directory: string, text: string): readonly string[] | "anything" {
  if (hidden.test(text)) return "anything";
  const found = new Set<string>();
  for (const { 0: mention, index } of text.matchAll(word)) {
    if (!mention.includes("..")) continue;
    const line = lineFrom(text, index);
    // A text that goes on in the next line, or an escape.
    if (mention.includes("\\") || line.includes("\\") || found.size > maxPaths) return "anything";
    for (const one of new Set([mention, line])) addPaths(found, directory, one);
  }
  return [...found];
}

/** What is left of a line, up to a quote or a comment. */
function lineFrom(text: string, index: number): string {
  const rest = text.slice(index, index + maxLineChars);
  return (/^[^\n"'`]*/u.exec(rest)?.[0] ?? "").split(" #", 1)[0]?.trim() ?? "";
}

function addPaths(found: Set<string>, directory: string, mention: string): void {
  const path = withoutScheme(mention);
  if (path === undefined) return;
  // `key=../file` names a file and the key that it goes under.
  for (const one of new Set([path, path.replace(/^.*[=:]/u, "")])) {
    const joined = climbs.test(one) ? pathInside(directory, one) : undefined;
    if (joined !== undefined) found.add(joined);
  }
}

/** Undefined for what is somewhere else. */
function withoutScheme(mention: string): string | undefined {
  const at = mention.indexOf("://");
  if (at < 0) return mention;
  return /(?:^|[\s=:])file$/u.test(mention.slice(0, at)) ? mention.slice(at + 3) : undefined;
}

/** A path from a directory, from the repository's root; undefined where it leaves the repository: no render may read there. */
export function pathInside(directory: string, path: string): string | undefined {
  const real: string[] = [];
  for (const step of [...directory.split("/"), ...path.split("/")]) {
    if (step === "" || step === ".") continue;
    if (step !== "..") real.push(step);
    else if (real.pop() === undefined) return undefined;
  }
  return real.join("/");
}
