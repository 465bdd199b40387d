import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/**
 * Lua has one empty table, which comes back as a list. Where the source has an object, as in `emptyDir: {}`, an empty list becomes that
 * object's kind of nothing again. Entries of lists are compared by their place, as in Argo CD.
 */
export function repairEmpty(value: JsonValue, source: JsonValue | undefined): JsonValue {
  if (isJsonArray(value)) {
    if (value.length === 0 && isJsonObject(source)) return {};
    const entries = isJsonArray(source) ? source : [];
    return value.map((entry, index) => repairEmpty(entry, entries[index]));
  }
  if (!isJsonObject(value)) return value;
  const fields = isJsonObject(source) ? source : {};
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      field === undefined ? undefined : repairEmpty(field, fields[name]),
    ]),
  );
}
