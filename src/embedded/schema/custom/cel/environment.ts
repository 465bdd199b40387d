import { Environment, type ParseResult } from "./library.ts";
import { compilePattern } from "../patterns.ts";
import { registerAddresses } from "./addresses.ts";
import { registerLists } from "./lists.ts";
import { registerQuantities } from "./quantities.ts";

const maxKept = 5_000;
const compiled = new Map<string, ParseResult | Error>();
let environment: Environment | undefined;

/** Compiles an expression of the Common Expression Language with the functions that Kubernetes adds; an error when it is none. */
export function compileExpression(expression: string): ParseResult | Error {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  if (compiled.size >= maxKept) compiled.clear();
  const result = tryCompile(expression);
  compiled.set(expression, result);
  return result;
}

function tryCompile(expression: string): ParseResult | Error {
  environment ??= createEnvironment();
  try {
    // The library's own `matches` takes JavaScript's patterns, whose time is not bounded.
    return environment.parse(expression.replaceAll(/\.matches\s*\(/g, ".matchesRe2("));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function createEnvironment(): Environment {
  const created = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });
  created.registerFunction("string.matchesRe2(string): bool", (text: string, pattern: string) => {
    const re2 = compilePattern(pattern);
    if (re2 instanceof Error) throw re2;
    return re2.test(text);
  });
  created.registerFunction(
    "string.replace(string, string): string",
    (text: string, from: string, to: string) => text.replaceAll(from, to),
  );
  registerLists(created);
  registerQuantities(created);
  registerAddresses(created);
  return created;
}
