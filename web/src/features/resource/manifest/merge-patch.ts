import type { Json, JsonObject } from "./json.ts";
import { isJsonObject, isSame } from "./json.ts";

/** What turns one object into another (RFC 7396): only what was changed, so that nothing else is written back. Undefined when nothing was. */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const patch: Record<string, Json> = {};
  for (const field of Object.keys(before)) if (after[field] === undefined) patch[field] = null;
  for (const [field, value] of Object.entries(after)) {
    const old = before[field];
    if (value === undefined || isSame(old, value)) continue;
    const below = isJsonObject(old) && isJsonObject(value) ? mergePatch(old, value) : value;
    if (below !== undefined) patch[field] = below;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
