import { isHollow, isOneField, kindOf } from "./comparison-kind.ts";
import type { FieldNode } from "./field-set.ts";
import { itemsByKey } from "./keyed-items.ts";
import type { PathElement } from "./path.ts";
import { fieldElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { asArray, asObject, childSchema, itemSchema } from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";

/** A value of which the other side has nothing, as a comparison counts it: itself and all that is in it. Throws KeylessItem. */
export function presentNode(schema: FieldSchema, value: JsonValue): FieldNode {
  const kind = kindOf(schema, value);
  if (isOneField(kind, schema) || isHollow(kind, value)) return { member: true, children: undefined };
  const children =
    kind === "list" ? presentItems(schema, asArray(value)) : presentFields(schema, asObject(value));
  return { member: true, children };
}

function presentFields(schema: FieldSchema, map: JsonObject): Map<PathElement, FieldNode> {
  const nodes = new Map<PathElement, FieldNode>();
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value !== undefined) nodes.set(fieldElement(name), presentNode(childSchema(schema, name), value));
  }
  return nodes;
}

/** Items that share a key are one field. */
function presentItems(list: FieldSchema, items: JsonArray): Map<PathElement, FieldNode> {
  const nodes = new Map<PathElement, FieldNode>();
  for (const [element, [item, ...others]] of itemsByKey(list, items)) {
    const isOne = item !== undefined && others.length === 0;
    nodes.set(element, isOne ? presentNode(itemSchema(list), item) : { member: true, children: undefined });
  }
  return nodes;
}
