import type { CompilePattern } from "#core/project/index.ts";
import type { RbacConfig } from "./config.ts";
import type { CompileField } from "./matcher.ts";
import { fieldCompiler } from "./matcher.ts";
import type { ParsedPolicy, PolicyText } from "./parse-policy.ts";
import { parseBuiltIn, parsePolicy, problemAt } from "./parse-policy.ts";
import type { Membership } from "./rule.ts";
import { roleProblems } from "./role-problems.ts";
import type { RuleBook } from "./rule-book.ts";
import { bookOf } from "./rule-book.ts";
import type { Origin, RbacProblem } from "./types.ts";

/** A configuration that can be asked: compiled once for each version of the ConfigMaps. */
export interface CompiledPolicy {
  readonly book: RuleBook;
  readonly defaultRole: string;
  readonly inheritsFineGrained: boolean;
  /** Reads the fields of project roles in the same mode. */
  readonly compile: CompileField;
  /** Set when the policy was not read, and so nobody may do anything. */
  readonly locked: Origin | undefined;
  readonly problems: readonly RbacProblem[];
}

export interface CompileOptions {
  readonly compilePattern: CompilePattern;
  /** Without `role:readonly`, `role:admin` and what the account `admin` may do. */
  readonly withoutBuiltIn?: boolean;
}

/** Of all texts together. Argo CD has the same limit by that of a ConfigMap. */
export const maxPolicyLength = 1024 * 1024;
export const maxPolicyLines = 50_000;

/**
 * Compiles the policies of a configuration. Never throws: lines with mistakes grant nothing, may deny, and are problems. A policy that is too
 * large is not read at all, and nobody may do anything: what was not read may have been a denial.
 */
export function compilePolicy(config: RbacConfig, options: CompileOptions): CompiledPolicy {
  const { compilePattern, withoutBuiltIn = false } = options;
  const compile = fieldCompiler(config.matchMode, compilePattern);
  const builtIn = withoutBuiltIn ? [] : [parseBuiltIn(fieldCompiler("glob", compilePattern))];
  const excess = excessOf(config.texts);
  const written = excess === undefined ? config.texts.map((text) => parsePolicy(text, compile)) : [];
  const all = [...builtIn, ...written];
  const memberships = all.flatMap((parsed) => parsed.memberships);
  return {
    book: bookOf(
      all.flatMap(({ rules }) => rules),
      memberships,
    ),
    defaultRole: config.defaultRole,
    inheritsFineGrained: config.inheritsFineGrained,
    compile,
    locked: excess,
    problems: [...config.problems, ...problemsOf({ written, memberships, excess })],
  };
}

interface Found {
  readonly written: readonly ParsedPolicy[];
  readonly memberships: readonly Membership[];
  readonly excess: Origin | undefined;
}

function problemsOf({ written, memberships, excess }: Found): readonly RbacProblem[] {
  const tooLarge =
    excess === undefined ? [] : [problemAt(excess, "error", `${excess.text}; make it smaller`)];
  return [...tooLarge, ...written.flatMap(({ problems }) => problems), ...roleProblems(memberships)];
}

function excessOf(texts: readonly PolicyText[]): Origin | undefined {
  const source = texts.map((text) => text.source).join(", ");
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  const refuse = (limit: string) => ({
    source,
    text: `it has more than ${limit}, so nobody may do anything`,
  });
  if (length > maxPolicyLength) return refuse(`${maxPolicyLength} characters`);
  const lines = texts.reduce((sum, { text }) => sum + linesOf(text), 0);
  return lines > maxPolicyLines ? refuse(`${maxPolicyLines} lines`) : undefined;
}

function linesOf(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
