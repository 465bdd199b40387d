import type { Health, HealthStatus } from "#core/health/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewNumber } from "#core/object/index.ts";
import type { HealthExpressions, HealthScripts } from "#core/settings/index.ts";
import { Expressions } from "#runtime/cel/environment.ts";
import { EvaluationError, ParseError, TypeError as CelTypeError } from "#runtime/cel/library.ts";
import { isQuick, runInTime, sizeOf } from "#runtime/cel/run-in-time.ts";
import { untypedValue } from "#runtime/cel/untyped-value.ts";

/** What expressions said of one object, or a sentence without its subject about why they did not. */
export type ExpressionsOutcome =
  | { readonly ok: true; readonly health: Health }
  | { readonly ok: false; readonly message: string; readonly late: boolean };

const maxMs = 200;
const maxLength = 16_384;
/** A message is written to the Application's status. */
const maxMessageLength = 4096;

const variables = {
  apiVersion: "string",
  kind: "string",
  metadata: "map",
  spec: "dyn",
  status: "dyn",
  data: "dyn",
  self: "map",
};

const compiled = new Expressions(variables);

/** In the order in which they are tried, which is that of Flux's `healthCheckExprs`. */
const states = [
  ["suspended", "Suspended"],
  ["inProgress", "Progressing"],
  ["failed", "Degraded"],
  ["current", "Healthy"],
] as const satisfies readonly (readonly [string, HealthStatus])[];

type Name = (typeof states)[number][0] | "message";

/** What is wrong with the expressions that users wrote, a sentence for each key; wrong types count, too. */
export function expressionProblems({ exact }: HealthScripts): readonly string[] {
  return Object.values(exact).flatMap((check) => {
    const problem = check.language === "cel" ? problemOf(check) : undefined;
    return problem === undefined ? [] : [`${check.name}: ${problem}`];
  });
}

function problemOf({ expressions }: HealthExpressions): string | undefined {
  if (typeof expressions === "string") return expressions;
  for (const name of [...states.map(([state]) => state), "message"] as const) {
    const text = expressions[name];
    const problem =
      text === undefined ? undefined : textProblem(text, name === "message" ? "string" : "bool");
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return undefined;
}

function textProblem(text: string, wanted: "bool" | "string"): string | undefined {
  if (text.length > maxLength) return `it is ${text.length} characters long; write at most ${maxLength}`;
  const expression = compiled.compile(text);
  if (expression instanceof Error) return wordsOf(expression);
  const { valid, type = "dyn", error } = expression.check();
  if (!valid) return error === undefined ? "its types do not fit" : wordsOf(error);
  if (type === wanted || type === "dyn") return undefined;
  return `it gives a value of type ${type}; write one that gives ${wanted === "bool" ? "true or false" : "a text"}`;
}

/** What the library says, and where. */
function wordsOf(error: Error): string {
  const isOfCel =
    error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  if (!isOfCel) return error.message;
  const place = error.range === undefined ? "" : `, at character ${error.range.start + 1}`;
  const hint = error.code === "unknown_variable" ? `; there are ${Object.keys(variables).join(", ")}` : "";
  return `${error.summary}${place}${hint}`;
}

/**
 * The health of an object by expressions: the first state that is true, else Progressing. What is not there yet makes no state true. At
 * most 200 ms are spent on one object. Never throws.
 */
export function runExpressions(check: HealthExpressions, object: JsonObject): ExpressionsOutcome {
  const problem = problemOf(check);
  const { expressions } = check;
  if (problem !== undefined || typeof expressions === "string") {
    return { ok: false, message: problem ?? "", late: false };
  }
  const run = (): ExpressionsOutcome =>
    evaluate({ texts: expressions, context: contextOf(object), isBehind: isBehindSpec(object) });
  const texts = Object.values(expressions).filter((text) => typeof text === "string");
  if (isQuick(sizeOf(texts), JSON.stringify(object).length)) return run();
  const outcome = runInTime(run, maxMs);
  if (outcome.ended) return outcome.value;
  compiled.forget();
  const message = `it took longer than ${maxMs} ms and was stopped; write fewer loops within loops`;
  return { ok: false, message, late: true };
}

type Context = Readonly<Record<string, unknown>>;

function contextOf(object: JsonObject): Context {
  const part = (name: string): unknown => untypedValue(object[name] ?? {});
  const { apiVersion, kind } = object;
  const [metadata, spec, status, data] = ["metadata", "spec", "status", "data"].map((name) => part(name));
  return { apiVersion, kind, metadata, spec, status, data, self: untypedValue(object) };
}

function isBehindSpec(object: JsonObject): boolean {
  const observed = viewNumber(object, "status", "observedGeneration");
  return observed !== undefined && observed < (viewNumber(object, "metadata", "generation") ?? 0);
}

interface Evaluated {
  readonly texts: Readonly<Partial<Record<Name, string>>>;
  readonly context: Context;
  /** What its controller said is about an earlier spec; only whether it is suspended may follow from the spec. */
  readonly isBehind: boolean;
}

function evaluate({ texts, context, isBehind }: Evaluated): ExpressionsOutcome {
  try {
    const [, status] = states.find(
      ([name]) => (name === "inProgress" && isBehind) || isTrue(name, texts[name], context),
    ) ?? ["", "Progressing"];
    const message = texts.message === undefined ? undefined : valueOf("message", texts.message, context);
    if (message !== undefined && typeof message !== "string")
      throw new WrongValue("message", "it gives no text");
    const words = message === undefined ? {} : { message: message.slice(0, maxMessageLength) };
    return { ok: true, health: { status, ...words } };
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    return { ok: false, message: error.message, late: false };
  }
}

/** An expression of a type that shows only when it runs. */
class WrongValue extends Error {
  constructor(name: Name, problem: string) {
    super(`${name}: ${problem}`);
  }
}

function isTrue(name: Name, text: string | undefined, context: Context): boolean {
  const value = text === undefined ? false : (valueOf(name, text, context) ?? false);
  if (typeof value === "boolean") return value;
  throw new WrongValue(name, "it gives neither true nor false");
}

const missing = ["no_such_key", "index_out_of_bounds"];

/** Undefined when the object does not have what the expression looks at. */
function valueOf(name: Name, text: string, context: Context): unknown {
  const expression = compiled.compile(text);
  if (expression instanceof Error) throw new WrongValue(name, wordsOf(expression));
  try {
    return expression({ ...context }) as unknown;
  } catch (error) {
    if (error instanceof EvaluationError && missing.includes(error.code)) return undefined;
    if (error instanceof EvaluationError) throw new WrongValue(name, wordsOf(error));
    if (!(error instanceof Error)) throw error;
    throw new WrongValue(name, error.message);
  }
}
