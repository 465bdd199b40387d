import { parseGlob } from "./glob.ts";

/** A project's no, with the rule that said it. */
export interface Denial {
  /** The rule's field, such as `spec.sourceRepos`. */
  readonly field: string;
  /** What was refused, by which field, and what to change. */
  readonly message: string;
}

export function isDenyPattern(pattern: string): boolean {
  return pattern.startsWith("!");
}

/**
 * Whether a pattern of a project's list lets a text pass; `!` turns it round. A pattern that is not a glob never lets
 * anything pass, also behind `!`: a mistyped ban must not open what it should close.
 */
export function passes(pattern: string, text: string, separator?: string): boolean {
  if (pattern === "*") return true;
  const deny = isDenyPattern(pattern);
  const glob = parseGlob(deny ? pattern.slice(1) : pattern, separator);
  if (glob.problem !== undefined) return false;
  return glob.matches(text) !== deny;
}

export function denial(subject: string | undefined, field: string, message: string): Denial {
  return { field, message: subject === undefined ? message : `${subject}: ${message}` };
}
