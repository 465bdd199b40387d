import type { Case } from "./cases.ts";
import type { Official } from "./official.ts";
import type { Outcome } from "./reply.ts";

/** What our engine made otherwise than the official tool, in a sentence; undefined when it is the same. */
export function difference(one: Case, official: Official, outcome: Outcome): string | undefined {
  if (official.ok === one.fails) {
    return `the official tool ${official.ok ? "does not fail" : `fails: ${official.stderr.trim()}`}, which the case says otherwise`;
  }
  return outcome.ok
    ? differenceOfOutput(one, official, outcome)
    : differenceOfFailure(one, official, outcome);
}

function differenceOfOutput(
  one: Case,
  official: Official,
  outcome: Outcome & { ok: true },
): string | undefined {
  if (!official.ok) return `only the official tool fails: ${official.stderr.trim()}`;
  if (one.refused !== undefined) return `our engine renders it, though it should refuse it: ${one.refused}`;
  const outside = outcome.documents.find(
    ({ source, offset, size }) => source === "" || offset < 0 || offset + size > outcome.body.length,
  );
  if (outside !== undefined) return `document ${JSON.stringify(outside)} is not inside the output`;
  if (official.stdout.equals(outcome.body)) return undefined;
  const [theirs, mine] = [official.stdout, outcome.body].map((body) => masked(one, body.toString("latin1")));
  return theirs === mine ? undefined : firstDifference(theirs ?? "", mine ?? "");
}

function differenceOfFailure(
  one: Case,
  official: Official,
  outcome: Outcome & { ok: false },
): string | undefined {
  if (official.ok && one.refused === undefined)
    return `only our engine fails: ${outcome.code} ${outcome.message}`;
  const missing = (message: string) =>
    one.words.filter((word) => !message.toLowerCase().includes(word.toLowerCase()));
  if (!official.ok && missing(official.stderr).length > 0)
    return `the official message lacks ${missing(official.stderr).join(", ")}: ${official.stderr}`;
  if (missing(outcome.message).length > 0)
    return `our message lacks ${missing(outcome.message).join(", ")}: ${outcome.message}`;
  return undefined;
}

function masked({ mask }: Case, body: string): string {
  return mask.reduce((text, pattern) => text.replaceAll(new RegExp(pattern, "gm"), "(masked)"), body);
}

function firstDifference(theirs: string, mine: string): string {
  const [left, right] = [theirs.split("\n"), mine.split("\n")];
  const line = left.findIndex((text, index) => text !== right[index]);
  const at = line === -1 ? left.length : line;
  return `line ${at + 1}: the official tool says ${JSON.stringify(left[at])}, our engine ${JSON.stringify(right[at])}`;
}
