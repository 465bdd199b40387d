import { applicationSchema } from "#core/crd/application-schema.ts";
import { parseValue } from "#core/crd/parse.ts";
import type { Schema } from "#core/crd/schema.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/**
 * The merge patch that leaves a status with nothing but what can be read: any program may write a status, and the CRD takes it as it
 * is (ADR 12). Undefined when all of it can be read. Of a list the readable items stay: the inventory is one.
 */
export function statusRepair({ status }: KubeObject): JsonObject | undefined {
  if (!isJsonObject(status)) return undefined;
  const repaired = Object.entries(applicationSchema.fields.status.fields).flatMap(([field, schema]) => {
    const value = status[field] ?? null;
    return value === null || isReadable(schema, value) ? [] : [[field, readableOf(schema, value)] as const];
  });
  return repaired.length === 0 ? undefined : Object.fromEntries(repaired);
}

function isReadable(schema: Schema, value: JsonValue): boolean {
  return value !== null && parseValue(schema, value).ok;
}

function readableOf(schema: Schema, value: JsonValue): JsonValue {
  if (schema.kind !== "array" || !isJsonArray(value)) return null;
  return value.filter((item) => isReadable(schema.items, item));
}
