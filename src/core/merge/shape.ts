import type { FieldSchema } from "./schema.ts";
import { deduced } from "./schema.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** How a value is treated: `map` field by field, `items` item by item, `leaf` as one field. */
export type Shape = "map" | "items" | "leaf";

export function shapeOf(schema: FieldSchema, value: JsonValue): Shape {
  if (isJsonObject(value)) {
    return !schema.atomic && (schema.type === "map" || schema.type === "untyped") ? "map" : "leaf";
  }
  if (isJsonArray(value)) return schema.listType === "map" || schema.listType === "set" ? "items" : "leaf";
  return "leaf";
}

export function childSchema(schema: FieldSchema, name: string): FieldSchema {
  return schema.field(name) ?? deduced;
}

export function itemSchema(schema: FieldSchema): FieldSchema {
  return schema.items ?? deduced;
}

export function isEmptyContainer(value: JsonValue): boolean {
  if (isJsonArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Absent, or null: the same for the API server once an object is stored. */
export function isNothing(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

export function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function asArray(value: JsonValue | undefined): JsonArray {
  return isJsonArray(value) ? value : [];
}

/** A value that Go's `omitempty` leaves out. */
export function isZero(value: JsonValue): boolean {
  return value === "" || value === 0 || value === false || isEmptyContainer(value);
}

/** Built-in kinds keep no empty lists, no empty free-form maps, and no struct that is empty by default. */
export function isEmptyOnServer(schema: FieldSchema, value: JsonValue): boolean {
  if (schema.omitsEmpty !== true || !isEmptyContainer(value)) return false;
  return (
    isJsonArray(value) || (schema.fieldNames.length === 0 ? isFreeForm(schema) : schema.default !== undefined)
  );
}

/** Labels and the like; an empty volume source, selector or subresource is a statement and is kept. */
function isFreeForm(schema: FieldSchema): boolean {
  const values = schema.field("");
  return schema.type === "map" && values !== undefined && values !== deduced;
}
