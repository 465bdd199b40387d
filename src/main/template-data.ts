import type { JsonObject, JsonValue } from "#core/object/index.ts";

/** Deeper than objects of a cluster are, and less deep than a stack is. */
const maxDepth = 500;

/**
 * Data as an expression of a Go template. Values of a chart would be read as YAML, which refuses control characters and makes floats of
 * integers, so that `{{ .app.metadata.generation }}` were 1e+06; here integers are integers, as they are for the templates of Argo CD.
 */
export function templateDataOf(data: JsonObject): string {
  return expressionOf(data, 0);
}

function expressionOf(value: JsonValue, depth: number): string {
  if (value === null || depth === maxDepth) return "nil";
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  // JSON has no number without end; who makes one has none.
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : "nil";
  return Array.isArray(value) ? listOf(value, depth) : dictOf(value as JsonObject, depth);
}

function listOf(items: readonly JsonValue[], depth: number): string {
  return `(${["list", ...items.map((item) => expressionOf(item, depth + 1))].join(" ")})`;
}

function dictOf(object: JsonObject, depth: number): string {
  const entries = Object.entries(object).flatMap(([key, value]) =>
    value === undefined ? [] : [quote(key), expressionOf(value, depth + 1)],
  );
  return `(${["dict", ...entries].join(" ")})`;
}

/** What JSON escapes Go understands, but for halves of a pair. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}
