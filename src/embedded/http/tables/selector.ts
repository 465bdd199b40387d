import { isJsonObject, type JsonValue, viewArray, viewObject, viewString } from "#core/object/index.ts";

/** `a=1,b=2` in the order of keys; `<none>` for no labels. */
export function formatLabels(labels: JsonValue | undefined): string {
  const pairs = Object.entries(isJsonObject(labels) ? labels : {});
  if (pairs.length === 0) return "<none>";
  return pairs
    .map(([key, value]) => `${key}=${valueText(value)}`)
    .toSorted()
    .join(",");
}

/** A LabelSelector in the syntax of `kubectl get -l`; empty for one that selects everything or nothing. */
export function formatSelector(selector: JsonValue | undefined): string {
  const equal = Object.entries(viewObject(selector, "matchLabels")).map(([key, value]) => ({
    key,
    text: `${key}=${valueText(value)}`,
  }));
  const expressions = viewArray(selector, "matchExpressions").map((expression) => {
    const key = viewString(expression, "key") ?? "";
    return { key, text: formatExpression(key, expression) };
  });
  return [...equal, ...expressions]
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ text }) => text)
    .join(",");
}

export function selectorOrNone(selector: JsonValue | undefined): string {
  const text = formatSelector(selector);
  return text === "" ? "<none>" : text;
}

function formatExpression(key: string, expression: JsonValue): string {
  const values = viewArray(expression, "values").map(valueText).toSorted().join(",");
  switch (viewString(expression, "operator") ?? "") {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}

function valueText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
