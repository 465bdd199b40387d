import { FieldSet } from "./field-set.ts";
import type { FieldPath, PathElement } from "./path.ts";
import { fieldElement, groupItems } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { childSchema, itemSchema } from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual } from "#core/object/index.ts";

/** Which fields differ between two objects, as ownership counts it: a struct that is new is in `added` with all that is in it. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** A list has an item that nothing tells apart from others. */
export class KeylessItem extends Error {}

/** Undefined stands for an absent value; null is a value. */
type Pair = readonly [JsonValue | undefined, JsonValue | undefined];
type Kind = "map" | "list" | "scalar";

interface Place {
  readonly schema: FieldSchema;
  readonly path: FieldPath;
  readonly found: Comparison;
}

/** Compares two versions of an object by its schema. Throws KeylessItem where the API server could not compare either. */
export function compareValues(schema: FieldSchema, before: JsonValue, after: JsonValue): Comparison {
  const found = { added: new FieldSet(), removed: new FieldSet(), modified: new FieldSet() };
  compare({ schema, path: [], found }, [before, after]);
  return found;
}

function compare(place: Place, pair: Pair): void {
  const [before, after] = pair;
  if (before !== undefined && before === after) return;
  const kinds = new Set(
    pair.filter((value) => value !== undefined).map((value) => kindOf(place.schema, value)),
  );
  let isLeaf = false;
  for (const kind of kinds) isLeaf = compareAs(kind, place, pair);
  if (isLeaf) return;
  if (before === undefined) place.found.added.add(place.path);
  else if (after === undefined) place.found.removed.add(place.path);
}

/** What a value is compared as; where the schema leaves that open, null is taken for a map. */
function kindOf(schema: FieldSchema, value: JsonValue): Kind {
  if (schema.type !== "untyped") return schema.type;
  if (isJsonArray(value)) return "list";
  return value === null || isJsonObject(value) ? "map" : "scalar";
}

/** True when the values count as one field. */
function compareAs(kind: Kind, place: Place, pair: Pair): boolean {
  const isWhole =
    kind === "scalar" || isAtomic(kind, place.schema) || pair.every((value) => isHollow(kind, value));
  if (isWhole) compareLeaf(place, pair);
  else if (kind === "map") compareFields(place, pair);
  else compareItems(place, pair);
  return isWhole;
}

function isAtomic(kind: Kind, schema: FieldSchema): boolean {
  return kind === "map" ? schema.atomic : schema.listType !== "map" && schema.listType !== "set";
}

function isHollow(kind: Kind, value: JsonValue | undefined): boolean {
  if (kind === "list") return !isJsonArray(value) || value.length === 0;
  return !isJsonObject(value) || Object.values(value).every((field) => field === undefined);
}

function compareLeaf({ path, found }: Place, [before, after]: Pair): void {
  if (before === undefined) found.added.add(path);
  else if (after === undefined) found.removed.add(path);
  else if (!jsonEqual(before, after)) found.modified.add(path);
}

function compareFields(place: Place, pair: Pair): void {
  const [before, after] = pair.map((value): JsonObject => (isJsonObject(value) ? value : {}));
  for (const name of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const values: Pair = [before?.[name], after?.[name]];
    if (values[0] === undefined && values[1] === undefined) continue;
    const path = [...place.path, fieldElement(name)];
    compare({ ...place, schema: childSchema(place.schema, name), path }, values);
  }
}

function compareItems(place: Place, pair: Pair): void {
  const [before, after] = pair.map((value) => itemsByKey(place.schema, isJsonArray(value) ? value : []));
  if (before === undefined || after === undefined) return;
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const below = { ...place, schema: itemSchema(place.schema), path: [...place.path, element] };
    compareGroup(below, before.get(element) ?? [], after.get(element) ?? []);
  }
}

/** Items that share a key are one field for as long as they do. */
function compareGroup(place: Place, before: JsonArray, after: JsonArray): void {
  const { path, found } = place;
  if (before.length < 2 && after.length < 2) return compare(place, [before[0], after[0]]);
  if (before.length >= 2 && after.length >= 2) {
    if (!jsonEqual(before, after)) found.modified.add(path);
  } else if (before.length >= 2) {
    if (after[0] !== undefined) compare(place, [undefined, after[0]]);
    found.removed.add(path);
  } else {
    if (before[0] !== undefined) compare(place, [before[0], undefined]);
    found.added.add(path);
  }
}

function itemsByKey(list: FieldSchema, items: JsonArray): ReadonlyMap<PathElement, JsonArray> {
  const groups = groupItems(list, items);
  const count = groups.values().reduce((sum, group) => sum + group.length, 0);
  if (count < items.length) throw new KeylessItem("an item of a list has no key");
  return groups;
}
