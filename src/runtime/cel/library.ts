/** The one place that knows which library evaluates expressions. */
export { Environment, EvaluationError, ParseError, TypeError } from "@marcbachmann/cel-js";
export type { ParseResult } from "@marcbachmann/cel-js";
