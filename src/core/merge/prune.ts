import type { FieldNode } from "./field-set.ts";
import { hasMembers } from "./field-set.ts";
import type { PathElement } from "./path.ts";
import { fieldElement, itemElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { asArray, asObject, childSchema, isEmptyContainer, itemSchema, shapeOf } from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepFields, keepItems } from "#core/object/index.ts";

/** What the applying manager owned until now, and what anyone owns from now on. */
export interface Ownership {
  readonly last: FieldNode | undefined;
  readonly managed: FieldNode | undefined;
  /** Stands for a value that lost all its content and is not itself released; without it such a value goes. */
  readonly emptied?: JsonObject;
}

/**
 * Removes what the manager owned and nobody owns any more: fields, keys of free-form maps and list items. A parent stays
 * while somebody owns a named field below it, and then also keeps what nobody owns, such as defaults. Where nothing is
 * removed the value itself is returned.
 */
export function pruneReleased(schema: FieldSchema, value: JsonValue, ownership: Ownership): JsonValue {
  if (!hasMembers(ownership.last)) return value;
  switch (shapeOf(schema, value)) {
    case "map":
      return pruneFields(schema, asObject(value), ownership);
    case "items":
      return pruneItems(schema, asArray(value), ownership);
    case "leaf":
      return value;
  }
}

function pruneFields(schema: FieldSchema, map: JsonObject, ownership: Ownership): JsonObject {
  const kept: Record<string, JsonValue> = {};
  let isSame = true;
  for (const [name, value] of Object.entries(map)) {
    const left = value === undefined ? undefined : pruneField(schema, { name, value }, ownership);
    if (left !== undefined) kept[name] = left;
    isSame &&= left === value;
  }
  return isSame ? map : kept;
}

/** What is left of a field; undefined when it goes. */
function pruneField(
  schema: FieldSchema,
  { name, value }: { readonly name: string; readonly value: JsonValue },
  ownership: Ownership,
): JsonValue | undefined {
  const below = stepInto(ownership, fieldElement(name));
  const child = childSchema(schema, name);
  if (isReleased(below, schema.declares(name)) && isOwnable(schema.declares(name), child, value)) {
    return undefined;
  }
  const pruned = pruneReleased(child, value, below);
  return isEmptyContainer(value) || !isEmptyContainer(pruned) ? pruned : ownership.emptied;
}

function pruneItems(schema: FieldSchema, items: JsonArray, ownership: Ownership): JsonArray {
  const kept: JsonValue[] = [];
  for (const item of items) {
    const element = itemElement(schema, item);
    const below =
      element === undefined ? { last: undefined, managed: undefined } : stepInto(ownership, element);
    if (!isReleased(below, false)) kept.push(pruneReleased(itemSchema(schema), item, below));
  }
  return keepItems(items, kept);
}

/** A named field counts as owned by whoever owns something below it; an item or a key only when it is itself in the set. */
function isReleased({ last, managed }: Ownership, isNamedField: boolean): boolean {
  const owned = (node: FieldNode | undefined): boolean =>
    isNamedField ? hasMembers(node) : node?.member === true;
  return owned(last) && !owned(managed);
}

/** A set never holds an empty list with keys, so such a list is never released either. */
function isOwnable(isNamedField: boolean, schema: FieldSchema, value: JsonValue): boolean {
  return !(isNamedField && isJsonArray(value) && value.length === 0 && shapeOf(schema, value) === "items");
}

function stepInto(ownership: Ownership, element: PathElement): Ownership {
  return {
    ...ownership,
    last: ownership.last?.children?.get(element),
    managed: ownership.managed?.children?.get(element),
  };
}

const EMPTIED: JsonObject = Object.freeze({});

export interface Pruned {
  readonly object: JsonValue;
  /** The same as ownership counts it: what lost all its content is null there, for a while, and is not removed. */
  readonly compared: JsonValue;
}

/** `pruneReleased` as the API server does it, who still tells what was emptied from what was removed. */
export function pruneForServer(schema: FieldSchema, value: JsonValue, ownership: Ownership): Pruned {
  const pruned = pruneReleased(schema, value, { ...ownership, emptied: EMPTIED });
  if (pruned === value) return { object: value, compared: value };
  return { object: withEmptied(pruned, undefined), compared: withEmptied(pruned, null) };
}

function withEmptied(value: JsonValue, replacement: null | undefined): JsonValue {
  if (isJsonArray(value)) {
    return keepItems(
      value,
      value.map((item) => withEmptied(item, replacement)),
    );
  }
  if (!isJsonObject(value)) return value;
  const fields: Record<string, JsonValue> = {};
  for (const [name, field] of Object.entries(value)) {
    const replaced = field === EMPTIED || field === undefined ? replacement : withEmptied(field, replacement);
    if (replaced !== undefined && field !== undefined) fields[name] = replaced;
  }
  return keepFields(value, fields);
}
