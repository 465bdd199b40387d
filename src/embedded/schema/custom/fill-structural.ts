import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepFields, keepItems } from "#core/object/index.ts";
import type { Structural } from "./structural.ts";

/**
 * Fills in a custom object's defaults, nested ones too. A null where the schema allows none is as good as absent: it gives way to
 * the default, or goes.
 */
export function fillStructural(schema: Structural, object: JsonObject): JsonObject {
  const filled: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const child = schema.properties.get(name) ?? schema.additional?.schema;
    const kept = isRefusedNull(child, value) ? child?.default : value;
    if (kept !== undefined) filled[name] = fillValue(child, kept);
  }
  for (const [name, child] of schema.properties) {
    if (child.default !== undefined && filled[name] === undefined)
      filled[name] = fillValue(child, child.default);
  }
  return keepFields(object, filled);
}

function fillValue(schema: Structural | undefined, value: JsonValue): JsonValue {
  if (schema === undefined) return value;
  if (isJsonObject(value)) return fillStructural(schema, value);
  if (!isJsonArray(value)) return value;
  const { items } = schema;
  return keepItems(
    value,
    value.map((item) => fillValue(items, isRefusedNull(items, item) ? (items?.default ?? item) : item)),
  );
}

function isRefusedNull(schema: Structural | undefined, value: JsonValue): boolean {
  return value === null && schema !== undefined && !schema.nullable;
}
