import type { JsonArray, JsonObject, JsonValue } from "./json.ts";
import { isJsonArray, isJsonObject } from "./json.ts";

/**
 * `after`, made of the objects and lists of `before` wherever it has the same: what did not change is then known without
 * looking into it. Fields in another order are not the same, so that the JSON of the result is that of `after`.
 */
export function sharing<T extends JsonValue>(before: JsonValue | undefined, after: T): T {
  return shared(before, after) as T;
}

function shared(before: JsonValue | undefined, after: JsonValue): JsonValue {
  if (before === after) return after;
  if (isJsonArray(before) && isJsonArray(after)) return sharedItems(before, after);
  return isJsonObject(before) && isJsonObject(after) ? sharedFields(before, after) : after;
}

function sharedItems(before: JsonArray, after: JsonArray): JsonArray {
  return keepItems(
    before,
    after.map((item, i) => shared(before[i], item)),
  );
}

function sharedFields(before: JsonObject, after: JsonObject): JsonObject {
  let fields: Record<string, JsonValue | undefined> | undefined;
  for (const name of Object.keys(after)) {
    const value = after[name];
    const kept = value === undefined ? value : shared(before[name], value);
    if (kept !== value) (fields ??= { ...after })[name] = kept;
  }
  return keepFields(before, fields ?? after);
}

/** `before` itself when `after` has the same fields in the same order, the very same values in them. */
export function keepFields(before: JsonObject, after: JsonObject): JsonObject {
  const [names, others] = [Object.keys(before), Object.keys(after)];
  const isSame = (name: string, i: number): boolean => name === others[i] && before[name] === after[name];
  return names.length === others.length && names.every(isSame) ? before : after;
}

/** `before` itself when `after` has the very same items. */
export function keepItems(before: JsonArray, after: JsonArray): JsonArray {
  return before.length === after.length && after.every((item, i) => item === before[i]) ? before : after;
}
