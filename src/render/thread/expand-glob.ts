import { MooringError } from "#core/errors/index.ts";
import type { FileAccess } from "./file-access.ts";
import { compileGlob } from "./glob.ts";

const everything = { suffixes: [], directories: true } as const;
/** Directories looked into for one glob; real ones look into a few. */
const maxDirectories = 5_000;

export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * Files whose path matches, in byte order of paths. A slash separates: `*`, `?` and `[…]` match inside one name, `**`
 * as a whole name matches any number of directories. Links to files match, links to directories are not entered. Every
 * directory looked into is recorded, so that a new match is seen. Throws RENDER_INVALID for a glob that is not closed.
 */
export function expandGlob(files: FileAccess, pattern: string): string[] {
  const segments = pattern.split("/").filter((segment) => segment !== "");
  const found = new Set<string>();
  search({ files, pattern, found, budget: { directories: maxDirectories } }, "", segments);
  return [...found].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

interface Search {
  readonly files: FileAccess;
  readonly pattern: string;
  readonly found: Set<string>;
  readonly budget: { directories: number };
}

function search(at: Search, directory: string, segments: readonly string[]): void {
  const [segment = "", ...rest] = segments;
  if (segment === "**") {
    search(at, directory, rest.length === 0 ? ["*"] : rest);
    for (const name of namesIn(at, directory, "directory")) search(at, join(directory, name), segments);
    return;
  }
  if (!isGlob(segment)) {
    const path = join(directory, segment);
    if (rest.length > 0) search(at, path, rest);
    else addFile(at, path);
    return;
  }
  const matches = compile(at, segment);
  if (rest.length === 0) {
    for (const name of namesIn(at, directory, "file")) if (matches(name)) addFile(at, join(directory, name));
    return;
  }
  for (const name of namesIn(at, directory, "directory")) {
    if (matches(name)) search(at, join(directory, name), rest);
  }
}

function namesIn(at: Search, directory: string, type: "file" | "directory"): string[] {
  at.budget.directories -= 1;
  if (at.budget.directories < 0) {
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `${at.pattern}: looks into more than ${maxDirectories} directories`,
    );
  }
  const real = at.files.resolve(directory)?.path;
  const entries = (real === undefined ? undefined : at.files.list(real, everything)) ?? [];
  return entries
    .filter((entry) =>
      type === "file" ? entry.type === "file" || entry.type === "symlink" : entry.type === type,
    )
    .map((entry) => entry.name);
}

function addFile(at: Search, path: string): void {
  if (at.files.resolve(path)?.entry.type === "file") at.found.add(path);
}

function compile({ pattern }: Search, segment: string): (name: string) => boolean {
  try {
    return compileGlob(segment);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new MooringError("RENDER_INVALID", `${pattern}: ${error.message}; correct the glob`, {
      cause: error,
    });
  }
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
