import { Environment, type ParseResult } from "./library.ts";
import { compilePattern } from "#runtime/patterns.ts";
import { registerAddresses } from "./addresses.ts";
import { registerLists } from "./lists.ts";
import { registerQuantities } from "./quantities.ts";

const maxKept = 5_000;
/** Calls of `matches`, and texts and comments as the library reads them, in which what looks like one is none. */
const matchesCall = new RegExp(
  [
    `("""|''')(?:\\\\[^]|[^\\\\])*?\\1`,
    `"(?:\\\\.|[^"\\\\])*"|'(?:\\\\.|[^'\\\\])*'`,
    String.raw`//.*`,
    String.raw`\.(?:\s|//.*\n)*matches(?:\s|//.*\n)*\(`,
  ].join("|"),
  "g",
);
const maxReplaced = 64 * 1024 * 1024;

/** Compiles expressions of the Common Expression Language with the functions that Kubernetes adds; what was compiled is kept. */
export class Expressions {
  readonly #variables: Readonly<Record<string, string>> | undefined;
  readonly #compiled = new Map<string, ParseResult | Error>();
  #environment: Environment | undefined;

  /** Variables by name with their types in CEL; without any list of them, every name is one. */
  constructor(variables?: Readonly<Record<string, string>>) {
    this.#variables = variables;
  }

  /** An error when it is none. */
  compile(expression: string): ParseResult | Error {
    const known = this.#compiled.get(expression);
    if (known !== undefined) return known;
    if (this.#compiled.size >= maxKept) this.#compiled.clear();
    const result = this.#tryCompile(expression);
    this.#compiled.set(expression, result);
    return result;
  }

  /** An expression that was stopped may have been left in any state. */
  forget(): void {
    this.#compiled.clear();
  }

  #tryCompile(expression: string): ParseResult | Error {
    this.#environment ??= createEnvironment(this.#variables);
    try {
      // The library's own `matches` takes JavaScript's patterns, whose time is not bounded.
      return this.#environment.parse(
        expression.replaceAll(matchesCall, (found) => (found.startsWith(".") ? ".matchesRe2(" : found)),
      );
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

function createEnvironment(variables: Readonly<Record<string, string>> | undefined): Environment {
  const created = new Environment({
    unlistedVariablesAreDyn: variables === undefined,
    enableOptionalTypes: true,
  });
  for (const [name, type] of Object.entries(variables ?? {})) created.registerVariable(name, type);
  created.registerFunction("string.matchesRe2(string): bool", (text: string, pattern: string) => {
    const re2 = compilePattern(pattern);
    if (re2 instanceof Error) throw re2;
    return re2.test(text);
  });
  created.registerFunction(
    "string.replace(string, string): string",
    (text: string, from: string, to: string) => {
      const most = text.length + (text.length / Math.max(1, from.length)) * to.length;
      if (most > maxReplaced) throw new Error("the text would be too long");
      return text.replaceAll(from, to);
    },
  );
  registerLists(created);
  registerQuantities(created);
  registerAddresses(created);
  return created;
}
