import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const classes = [
  "paths and links",
  "tokens",
  "authorisation",
  "secrets told",
  "scripts in pages",
  "requests that are too much",
  "guessing and floods",
  "caches that are believed",
  "sessions that have ended",
  "requests to inside",
];

/** By class, the files that the page names. */
function rowsOf(page: string): ReadonlyMap<string, readonly string[]> {
  const rows = page.matchAll(/^\| (?<name>[a-z ]+?) +\|.*\| (?<files>[^|]+) \|$/gmu);
  return new Map(
    Array.from(rows, ({ groups = {} }) => [
      groups["name"] ?? "",
      Array.from((groups["files"] ?? "").matchAll(/`([^`]+)`/gu), ([, file = ""]) => file).toSorted(),
    ]),
  );
}

/** By class, the files with a test that has the mark; a mark that stands before no test is an error. */
function markedFiles(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync("{src,test}/**/*.test.ts").toSorted()) {
    const lines = readFileSync(file, "utf8").split("\n");
    for (const [i, line] of lines.entries()) {
      const name = /^ *\/\/ Class: (.+)\.$/u.exec(line)?.[1];
      if (name === undefined) continue;
      expect(lines[i + 1], `${file}:${i + 2}`).toMatch(/^ *(?:it|describe)(?:\.each|\.for)?\(/u);
      found.set(name, (found.get(name) ?? new Set()).add(file));
    }
  }
  return new Map(Array.from(found, ([name, files]) => [name, [...files]]));
}

it("names for every class of vulnerability the tests that would have caught it, and no others", () => {
  const rows = rowsOf(readFileSync("docs/security.md", "utf8"));
  expect([...rows.keys()]).toEqual(classes);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(markedFiles()));
});
