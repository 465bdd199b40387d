/** A JSON value as parsed from YAML or the API server; always read-only. */
export type JsonValue = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [field: string]: JsonValue | undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** The value at a path of field names, or undefined where any step is missing or not an object. */
export function viewPath(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const field of path) {
    if (!isJsonObject(current)) return undefined;
    current = current[field];
  }
  return current;
}

export function viewString(value: JsonValue | undefined, ...path: readonly string[]): string | undefined {
  const found = viewPath(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function viewNumber(value: JsonValue | undefined, ...path: readonly string[]): number | undefined {
  const found = viewPath(value, ...path);
  return typeof found === "number" ? found : undefined;
}

export function viewArray(value: JsonValue | undefined, ...path: readonly string[]): JsonArray {
  const found = viewPath(value, ...path);
  return isJsonArray(found) ? found : [];
}

export function viewObject(value: JsonValue | undefined, ...path: readonly string[]): JsonObject {
  const found = viewPath(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** Deep equality of JSON values; a field that is undefined counts as absent; key order does not matter. */
export function jsonEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (isJsonArray(a)) {
    return isJsonArray(b) && a.length === b.length && a.every((item, i) => jsonEqual(item, b[i]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  let unmatched = 0;
  for (const field of Object.keys(a)) {
    if (a[field] === undefined) continue;
    if (!jsonEqual(a[field], b[field])) return false;
    unmatched -= 1;
  }
  for (const field of Object.keys(b)) if (b[field] !== undefined) unmatched += 1;
  return unmatched === 0;
}

/** JSON text with object keys sorted at every level: the same value always gives the same bytes. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (isJsonArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  if (isJsonObject(value)) {
    const fields = Object.keys(value)
      .filter((field) => value[field] !== undefined)
      .toSorted();
    return `{${fields.map((field) => `${JSON.stringify(field)}:${canonicalJson(value[field])}`).join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}
