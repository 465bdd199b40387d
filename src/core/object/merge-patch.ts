import type { JsonObject, JsonValue } from "./json.ts";
import { isJsonObject, jsonEqual } from "./json.ts";

/**
 * The RFC 7386 merge patch that turns one object into another: removed fields become null, lists are replaced whole.
 * Undefined when nothing differs. A null inside `after` cannot be expressed by a merge patch and removes the field.
 */
export function mergePatchOf(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const patch: Record<string, JsonValue> = {};
  for (const field of Object.keys(before)) {
    if (before[field] !== undefined && after[field] === undefined) patch[field] = null;
  }
  for (const [field, value] of Object.entries(after)) {
    const old = before[field];
    if (value === undefined || jsonEqual(old, value)) continue;
    const nested = isJsonObject(old) && isJsonObject(value) ? mergePatchOf(old, value) : undefined;
    patch[field] = nested ?? value;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** The value after an RFC 7386 merge patch. */
export function applyMergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const result: Record<string, JsonValue | undefined> = isJsonObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else if (value !== undefined) result[field] = applyMergePatch(result[field], value);
  }
  return result;
}
