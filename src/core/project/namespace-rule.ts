import { MooringError } from "#core/errors/index.ts";
import type { CompilePattern } from "./expression.ts";
import { expressionOf } from "./expression.ts";
import { parseGlob } from "./glob.ts";

type Rule = (namespace: string) => boolean;

/**
 * Whether a namespace matches one of the globs or, between slashes, regular expressions; undefined when there are none. Throws
 * CONFIG_INVALID that names the one which is none: which namespaces are looked at is never guessed.
 */
export function namespaceRule(patterns: readonly string[], compilePattern: CompilePattern): Rule | undefined {
  if (patterns.length === 0) return undefined;
  const rules = patterns.map((pattern) => ruleOf(pattern, compilePattern));
  return (namespace) => rules.some((rule) => rule(namespace));
}

function ruleOf(pattern: string, compilePattern: CompilePattern): Rule {
  const expression = expressionOf(pattern);
  if (expression !== undefined) {
    const compiled = compilePattern(expression);
    if (!(compiled instanceof Error)) return (namespace) => compiled.test(namespace);
    throw wrong(pattern, `no regular expression: ${compiled.message}`);
  }
  const glob = parseGlob(pattern);
  if (glob.problem === undefined) return (namespace) => glob.matches(namespace);
  throw wrong(pattern, `not a glob: ${glob.problem}`);
}

function wrong(pattern: string, problem: string): MooringError {
  const message = `application namespaces: "${pattern}" is ${problem}; correct --application-namespaces`;
  return new MooringError("CONFIG_INVALID", message);
}
