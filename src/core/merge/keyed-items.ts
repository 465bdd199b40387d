import { isOneField, kindOf } from "./comparison-kind.ts";
import type { PathElement } from "./path.ts";
import { groupItems } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { asArray, asObject, childSchema, itemSchema } from "./shape.ts";
import type { JsonArray, JsonValue } from "#core/object/index.ts";

/** A list has an item that nothing tells apart from others. */
export class KeylessItem extends Error {}

/** The items of each key in order. Throws KeylessItem. */
export function itemsByKey(list: FieldSchema, items: JsonArray): ReadonlyMap<PathElement, JsonArray> {
  const groups = groupItems(list, items);
  const count = groups.values().reduce((sum, group) => sum + group.length, 0);
  if (count < items.length) throw new KeylessItem("an item of a list has no key");
  return groups;
}

/** Values that were looked through, by the schema that said what the keys of their lists are. */
const keyed = new WeakMap<object, FieldSchema>();

/** Throws KeylessItem where a comparison of the value with another would. */
export function requireKeys(schema: FieldSchema, value: JsonValue): void {
  if (typeof value !== "object" || value === null || keyed.get(value) === schema) return;
  lookThrough(schema, value);
  keyed.set(value, schema);
}

function lookThrough(schema: FieldSchema, value: JsonValue): void {
  if (typeof value !== "object") return;
  const kind = kindOf(schema, value);
  if (isOneField(kind, schema)) return;
  if (kind === "list") return lookThroughItems(schema, asArray(value));
  for (const [name, field] of Object.entries(asObject(value)))
    if (field !== undefined) lookThrough(childSchema(schema, name), field);
}

/** Items that share a key are one field, into which nobody looks. */
function lookThroughItems(list: FieldSchema, items: JsonArray): void {
  for (const [item, ...others] of itemsByKey(list, items).values()) {
    if (item !== undefined && others.length === 0) lookThrough(itemSchema(list), item);
  }
}
