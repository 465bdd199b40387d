/** A regular expression that tests texts in time that is linear in them. */
interface Expression {
  test(text: string): boolean;
}

/** Compiles a regular expression in RE2's syntax; an error when it is none. Core imports no package that could, so it is given. */
export type CompilePattern = (pattern: string) => Expression | Error;

/** What stands between the slashes of `/…/`, which Argo CD takes for a regular expression; undefined for a glob. */
export function expressionOf(entry: string): string | undefined {
  return entry.length > 2 && entry.startsWith("/") && entry.endsWith("/") ? entry.slice(1, -1) : undefined;
}
