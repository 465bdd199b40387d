import { FieldSet } from "./field-set.ts";
import type { ComparisonKind } from "./comparison-kind.ts";
import { isOneField, kindOf } from "./comparison-kind.ts";
import { itemsByKey, requireKeys } from "./keyed-items.ts";
import type { FieldPath } from "./path.ts";
import { fieldElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { asObject, childSchema, itemSchema } from "./shape.ts";
import type { JsonArray, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual } from "#core/object/index.ts";

/** Which fields differ between two objects, as ownership counts it: a struct that is new is in `added` with all that is in it. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** Undefined stands for an absent value; null is a value. */
type Pair = readonly [JsonValue | undefined, JsonValue | undefined];

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
  if (before !== undefined && before === after) return requireKeys(place.schema, before);
  const was = before === undefined ? undefined : kindOf(place.schema, before);
  const is = after === undefined ? undefined : kindOf(place.schema, after);
  let isLeaf = was !== undefined && compareAs(was, place, pair);
  if (is !== undefined && is !== was) isLeaf = compareAs(is, place, pair);
  if (isLeaf) return;
  if (before === undefined) place.found.added.add(place.path);
  else if (after === undefined) place.found.removed.add(place.path);
}

/** True when the values count as one field. */
function compareAs(kind: ComparisonKind, place: Place, pair: Pair): boolean {
  const isWhole = isOneField(kind, place.schema) || pair.every((value) => isHollow(kind, value));
  if (isWhole) compareLeaf(place, pair);
  else if (kind === "map") compareFields(place, pair);
  else compareItems(place, pair);
  return isWhole;
}

function isHollow(kind: ComparisonKind, value: JsonValue | undefined): boolean {
  if (kind === "list") return !isJsonArray(value) || value.length === 0;
  return !isJsonObject(value) || Object.values(value).every((field) => field === undefined);
}

function compareLeaf({ path, found }: Place, [before, after]: Pair): void {
  if (before === undefined) found.added.add(path);
  else if (after === undefined) found.removed.add(path);
  else if (!jsonEqual(before, after)) found.modified.add(path);
}

function compareFields(place: Place, pair: Pair): void {
  const [before, after] = [asObject(pair[0]), asObject(pair[1])];
  for (const name of Object.keys(before)) compareField(place, name, [before[name], after[name]]);
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name)) compareField(place, name, [undefined, after[name]]);
  }
}

function compareField({ schema, path, found }: Place, name: string, pair: Pair): void {
  const [before, after] = pair;
  const child = childSchema(schema, name);
  if (before !== after) compare({ schema: child, path: [...path, fieldElement(name)], found }, pair);
  else if (before !== undefined) requireKeys(child, before);
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
