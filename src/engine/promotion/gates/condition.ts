import { Expressions } from "#runtime/cel/environment.ts";
import { EvaluationError, ParseError, TypeError as CelTypeError } from "#runtime/cel/library.ts";
import { isQuick, runInTime, sizeOf } from "#runtime/cel/run-in-time.ts";
import { boundText } from "./bound-text.ts";

const maxMs = 200;
const maxLength = 4_096;
const compiled = new Expressions({ result: "double" });

/** Whether a measured value is as a condition wants it, or why that cannot be said. */
export function meetsCondition(condition: string, value: number): boolean | { readonly problem: string } {
  if (condition.length > maxLength) return { problem: `it is longer than ${maxLength} characters` };
  const run = () => evaluate(condition, value);
  if (isQuick(sizeOf([condition]), 20)) return run();
  const outcome = runInTime(run, maxMs);
  if (outcome.ended) return outcome.value;
  compiled.forget();
  return { problem: `it took longer than ${maxMs} ms` };
}

function evaluate(condition: string, value: number): boolean | { readonly problem: string } {
  const expression = compiled.compile(condition);
  if (expression instanceof Error) return { problem: wordsOf(expression) };
  try {
    const met: unknown = expression({ result: value });
    return typeof met === "boolean" ? met : { problem: "it gives neither true nor false" };
  } catch (error) {
    if (error instanceof Error) return { problem: wordsOf(error) };
    throw error;
  }
}

function wordsOf(error: Error): string {
  const isOfCel =
    error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  const words = boundText(isOfCel ? error.summary : error.message);
  return words.includes("overload") ? `${words} (result is no whole number to CEL: write 2.0 for 2)` : words;
}
