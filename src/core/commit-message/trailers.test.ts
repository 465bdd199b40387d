import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Trailer } from "./trailers.ts";
import { formatCommitMessage, parseTrailers } from "./trailers.ts";

/** What git takes for trailers. */
function parseByGit(message: string): readonly Trailer[] {
  const args = ["interpret-trailers", "--only-trailers", "--only-input", "--unfold", "--no-divider"];
  const env = { PATH: process.env["PATH"] ?? "", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const printed = execFileSync("git", args, { input: message, env, encoding: "utf8" });
  return printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
}

const line = fc.constantFrom(
  "Promote web",
  "",
  "a: b",
  "Ticket: 7",
  "Signed-off-by: Ada <a@b>",
  "(cherry picked from commit abc)",
  "  folded on",
  "\tand on",
  "# no comment",
  "two words: x",
  "no colon",
  "Key : spaced",
  "---",
  "Empty:",
  ": none",
);
const message = fc.array(line, { maxLength: 9 }).map((lines) => lines.join("\n"));
const key = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/u);
const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom("x\nEvil: 1", "a\r\n\r\nb", " "),
);

it("are found where git finds them", () => {
  fc.assert(
    fc.property(message, (text) => {
      expect(parseTrailers(text)).toEqual(parseByGit(`${text}\n`));
    }),
    { numRuns: 150 },
  );
});

it("are found again after they were added, whatever is in them, and git finds no others", () => {
  fc.assert(
    fc.property(message, fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 3 }), (text, added) => {
      const formatted = formatCommitMessage(`Title\n\n${text}`, added);
      const found = parseTrailers(formatted);
      expect(found.slice(-added.length).map(([name]) => name)).toEqual(added.map(([name]) => name));
      expect(found.slice(0, -added.length)).toEqual(
        parseTrailers(formatCommitMessage(`Title\n\n${text}`, [])),
      );
      expect(parseByGit(formatted)).toHaveLength(found.length);
    }),
    { numRuns: 100 },
  );
});

it("join the trailers that a message has, and never its title", () => {
  const stage: Trailer = ["Stage", "prod"];
  expect(formatCommitMessage("Fix: it", [stage])).toBe("Fix: it\n\nStage: prod\n");
  expect(formatCommitMessage("Fix\n\nbody\n", [stage])).toBe("Fix\n\nbody\n\nStage: prod\n");
  expect(formatCommitMessage("Fix\n\nTicket: 7\n", [stage])).toBe("Fix\n\nTicket: 7\nStage: prod\n");
  expect(formatCommitMessage("Fix", [])).toBe("Fix\n");
  expect(formatCommitMessage("Fix", [["A", "b\r\nEvil: 1\u2028c"]])).toBe("Fix\n\nA: b Evil: 1 c\n");
});

it("are refused with a key that would be none", () => {
  for (const wrong of ["", "two words", "a:b", "a\nb", "ä"])
    expect(() => formatCommitMessage("Fix", [[wrong, "x"]])).toThrow(/is no key; use up to 100 letters/u);
});
