import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { FieldSchema } from "./schema.ts";
import { itemSchema } from "./shape.ts";

/** The value without fields that its schema does not declare: what a server that does not validate would keep of it. */
export function declaredPart(schema: FieldSchema, value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => declaredPart(itemSchema(schema), item));
  if (!isJsonObject(value) || schema.type === "list" || schema.type === "scalar") return value;
  const kept: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(value)) {
    const child = schema.field(name);
    if (child !== undefined && field !== undefined) kept[name] = declaredPart(child, field);
  }
  return kept satisfies JsonObject;
}
