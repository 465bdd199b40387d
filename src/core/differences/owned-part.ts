import type { FieldNode } from "#core/merge/field-set.ts";
import type { FieldSchema } from "#core/merge/index.ts";
import { fieldElement, itemElement } from "#core/merge/path.ts";
import { asArray, asObject, childSchema, itemSchema, shapeOf } from "#core/merge/shape.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** True when there is a field at or below a place that the first owns and none of the others does. */
export function isSoleOwner(own: FieldNode | undefined, others: FieldNode | undefined): boolean {
  if (own === undefined) return false;
  if (own.member && others?.member !== true) return true;
  for (const [element, child] of own.children ?? []) {
    if (isSoleOwner(child, others?.children?.get(element))) return true;
  }
  return false;
}

/** What one manager owns of a live value: an apply of just that keeps all it owns and takes nothing over. */
export function ownedPart(schema: FieldSchema, live: JsonValue, own: FieldNode): JsonValue {
  const { children } = own;
  if (children === undefined || children.size === 0) return shapeOf(schema, live) === "map" ? {} : live;
  switch (shapeOf(schema, live)) {
    case "map": {
      const fields = Object.entries(asObject(live)).flatMap(([name, value]) => {
        const below = children.get(fieldElement(name));
        return below === undefined || value === undefined
          ? []
          : [[name, ownedPart(childSchema(schema, name), value, below)] as const];
      });
      return Object.fromEntries(fields);
    }
    case "items":
      return asArray(live).flatMap((item) => {
        const below = children.get(itemElement(schema, item) ?? "");
        return below === undefined ? [] : [ownedItem(schema, item, below)];
      });
    case "leaf":
      return live;
  }
}

function ownedItem(list: FieldSchema, item: JsonValue, own: FieldNode): JsonValue {
  if (!isJsonObject(item)) return item;
  const keys = (list.listKeys ?? []).filter((name) => item[name] !== undefined);
  const part = asObject(ownedPart(itemSchema(list), item, own));
  return { ...Object.fromEntries(keys.map((name) => [name, item[name]])), ...part };
}
