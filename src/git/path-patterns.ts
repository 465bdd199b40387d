import { MooringError } from "#core/errors/index.ts";
import { compilePattern } from "#runtime/patterns.ts";

const maxPatterns = 100;
const maxPatternLength = 1_000;

/**
 * Whether one of the patterns means a path: `*` and `?` are within a name, `**` is any number of folders, and who means a folder means all
 * in it. Throws GIT_INVALID.
 */
export function compilePathPatterns(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length > maxPatterns)
    throw new MooringError("GIT_INVALID", `keep: ${patterns.length} patterns; name at most ${maxPatterns}`);
  const compiled = patterns.map((pattern, index) => {
    const field = `keep[${index}]`;
    const steps = pattern.split("/");
    if (pattern.length > maxPatternLength || steps.some((step) => ["", ".", ".."].includes(step)))
      throw new MooringError(
        "GIT_INVALID",
        `${field}: ${JSON.stringify(pattern.slice(0, 100))} is no pattern of paths; write it relative, without empty steps, . and ..`,
      );
    const source = steps.map((step, at) => stepSource(step, at === steps.length - 1)).join("");
    const matcher = compilePattern(`^${source}(?:/(?s:.*))?$`);
    if (matcher instanceof Error)
      throw new MooringError("GIT_INVALID", `${field}: cannot be read: ${matcher.message}`);
    return matcher;
  });
  return (path) => compiled.some((matcher) => matcher.matches(path));
}

function stepSource(step: string, isLast: boolean): string {
  if (step === "**") return isLast ? "(?s:.+)" : "(?:[^/]+/)*";
  const source = step
    .replaceAll(/[\\^$.|+()[\]{}]/gu, String.raw`\$&`)
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]");
  return isLast ? source : `${source}/`;
}
