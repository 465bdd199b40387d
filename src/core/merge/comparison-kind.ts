import type { FieldSchema } from "./schema.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** What a value is compared as. */
export type ComparisonKind = "map" | "list" | "scalar";

/** Where the schema leaves it open, null is taken for a map. */
export function kindOf(schema: FieldSchema, value: JsonValue): ComparisonKind {
  if (schema.type !== "untyped") return schema.type;
  if (isJsonArray(value)) return "list";
  return value === null || isJsonObject(value) ? "map" : "scalar";
}

/** True when all that is in the value counts as one field. */
export function isOneField(kind: ComparisonKind, { atomic, listType }: FieldSchema): boolean {
  if (kind === "list") return listType !== "map" && listType !== "set";
  return kind === "scalar" || atomic;
}

/** True when there is nothing in it to compare. */
export function isHollow(kind: ComparisonKind, value: JsonValue): boolean {
  if (kind === "list") return !isJsonArray(value) || value.length === 0;
  return !isJsonObject(value) || Object.values(value).every((field) => field === undefined);
}
