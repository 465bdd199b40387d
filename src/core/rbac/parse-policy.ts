import { builtInPolicy, builtInSource } from "./built-in.ts";
import type { CompileField } from "./matcher.ts";
import { parseLine } from "./parse-line.ts";
import type { Membership, Rule } from "./rule.ts";
import type { Origin, RbacProblem } from "./types.ts";

/** A text of a policy and what it is called in messages, such as `argocd-rbac-cm policy.csv`. */
export interface PolicyText {
  readonly source: string;
  readonly text: string;
}

export interface ParsedPolicy {
  readonly rules: readonly Rule[];
  readonly memberships: readonly Membership[];
  readonly problems: readonly RbacProblem[];
}

const maxTextLength = 500;

/** Reads every line of a text that is small enough. */
export function parsePolicy({ source, text }: PolicyText, compile: CompileField): ParsedPolicy {
  const parsed = text.split("\n").map((raw, i) => {
    const origin = originOf(source, i + 1, raw);
    return { origin, ...parseLine({ origin, line: raw.trim(), compile }) };
  });
  return {
    rules: parsed.flatMap(({ rules }) => rules),
    memberships: parsed.flatMap(({ memberships }) => memberships),
    problems: parsed.flatMap(({ origin, problem }) =>
      problem === undefined ? [] : [problemAt(origin, problem.severity, problem.text)],
    ),
  };
}

export function originOf(source: string, line: number, text: string): Origin {
  return { source, line, text: text.trim().slice(0, maxTextLength) };
}

export function problemAt(origin: Origin, severity: RbacProblem["severity"], text: string): RbacProblem {
  const { source, line } = origin;
  const place = line === undefined ? source : `${source} line ${line}`;
  return { severity, source, ...(line === undefined ? {} : { line }), message: `${place}: ${text}` };
}

export function parseBuiltIn(compile: CompileField): ParsedPolicy {
  return parsePolicy({ source: builtInSource, text: builtInPolicy }, compile);
}
