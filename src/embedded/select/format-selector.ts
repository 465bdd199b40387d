import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";

/** A LabelSelector, or a plain map of labels, as the text that a `labelSelector` parameter takes. */
export function formatSelector(selector: JsonObject): string {
  const isPlain = selector["matchLabels"] === undefined && selector["matchExpressions"] === undefined;
  const labels = isPlain ? selector : viewObject(selector, "matchLabels");
  const equalities = Object.keys(labels)
    .toSorted()
    .map((key) => `${key}=${viewString(labels, key) ?? ""}`);
  const expressions = viewArray(selector, "matchExpressions").map((expression) =>
    isJsonObject(expression) ? formatExpression(expression) : "",
  );
  return [...equalities, ...expressions].join(",");
}

function formatExpression(expression: JsonObject): string {
  const key = viewString(expression, "key") ?? "";
  const values = viewArray(expression, "values").map(String).toSorted().join(",");
  const operator = viewString(expression, "operator");
  if (operator === "In") return `${key} in (${values})`;
  if (operator === "NotIn") return `${key} notin (${values})`;
  return operator === "DoesNotExist" ? `!${key}` : key;
}
