import type { CompilePattern } from "#core/project/index.ts";
import { parseGlob } from "#core/project/glob.ts";
import type { MatchMode } from "./types.ts";

/** A field of a rule: one pattern, and what can be said of it without a text. */
export interface Matcher {
  test(text: string): boolean;
  /** Every text that matches begins with this. */
  readonly head: string;
  /** Whether every text that begins with a matching one matches, too. */
  readonly grows: boolean;
}

export const anything: Matcher = { test: () => true, head: "", grows: true };

/** More than one policy can hold, and a bound to what projects that change for years leave behind. */
const maxKept = 200_000;

export type CompileField = (pattern: string) => Matcher | Error;

/** How the fields of a policy are read. Equal patterns are compiled once for as long as the function is kept. */
export function fieldCompiler(mode: MatchMode, compilePattern: CompilePattern): CompileField {
  const known = new Map<string, Matcher | Error>();
  const compile: CompileField =
    mode === "glob" ? globMatcher : (pattern) => expressionMatcher(pattern, compilePattern);
  return (pattern) => {
    const found = known.get(pattern);
    if (found !== undefined) return found;
    if (known.size >= maxKept) known.clear();
    const compiled = compile(pattern);
    known.set(pattern, compiled);
    return compiled;
  };
}

const onlyStars = /^[^?[\]{}\\]*$/u;

/** A glob without a separator: `*` also stands for `/`. */
function globMatcher(pattern: string): Matcher | Error {
  if (onlyStars.test(pattern)) return starMatcher(pattern);
  const glob = parseGlob(pattern);
  if (glob.problem !== undefined) return new Error(`is not a glob: ${glob.problem}`);
  return {
    test: (text) => glob.matches(text),
    head: /^[^*?[\]{}\\]*/u.exec(pattern)?.[0] ?? "",
    grows: /(?<!\\)\*$/u.test(pattern),
  };
}

/** Literals with stars between them need no automaton: each literal is looked for after the one before. */
function starMatcher(pattern: string): Matcher {
  const [head = "", ...rest] = pattern.split(/\*+/u);
  const tail = rest.pop();
  if (tail === undefined) return exactly(head);
  const fixed = head.length + tail.length;
  return {
    test: (text) =>
      text.length >= fixed &&
      text.startsWith(head) &&
      text.endsWith(tail) &&
      (rest.length === 0 || holdsInOrder(text.slice(head.length, text.length - tail.length), rest)),
    head,
    grows: tail === "",
  };
}

function exactly(wanted: string): Matcher {
  return { test: (text) => text === wanted, head: wanted, grows: false };
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** `^`, plain text, `$`, each of which may be absent; before `$` or at the end `.*`. */
const simpleExpression = /^(\^?)((?:[\w/:@ -]|\\[./-])*)((?:\.\*)?)(\$?)$/u;

/** A regular expression, which matches anywhere unless it says `^` and `$`. */
function expressionMatcher(pattern: string, compilePattern: CompilePattern): Matcher | Error {
  const [, start, escaped = "", rest, end] = simpleExpression.exec(pattern) ?? [];
  if (escaped !== "" || pattern === ".*") {
    const plain = escaped.replaceAll("\\", "");
    if (end === "") return start === "^" ? starMatcher(`${plain}*`) : contains(plain);
    if (start === "^" && rest === "") return exactly(plain);
  }
  const compiled = compilePattern(pattern);
  if (compiled instanceof Error)
    return new Error(`is no regular expression that can be used: ${compiled.message}`);
  return { test: (text) => compiled.test(text), head: anchoredHead(pattern), grows: false };
}

function contains(part: string): Matcher {
  return { test: (text) => text.includes(part), head: "", grows: true };
}

/** What follows `^` literally; nothing where an alternative could begin otherwise. */
function anchoredHead(pattern: string): string {
  if (pattern.includes("|")) return "";
  const [, plain = "", next] = /^\^([\w/:@ -]*)(.?)/u.exec(pattern) ?? [];
  return next !== undefined && "*?{".includes(next) && next !== "" ? plain.slice(0, -1) : plain;
}
