import { RE2JS } from "re2js";

const maxKept = 2_000;
const compiled = new Map<string, RE2JS | Error>();

/**
 * A pattern in RE2's syntax, as Go compiles it: its time is linear in the text, whatever its author wrote. An error when
 * it is no pattern.
 */
export function compilePattern(pattern: string): RE2JS | Error {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= maxKept) compiled.clear();
  const result = tryCompile(pattern);
  compiled.set(pattern, result);
  return result;
}

function tryCompile(pattern: string): RE2JS | Error {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
