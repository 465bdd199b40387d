import { FieldSet } from "./field-set.ts";
import type { ComparisonKind } from "./comparison-kind.ts";
import { isHollow, isOneField, kindOf } from "./comparison-kind.ts";
import { itemsByKey, requireKeys } from "./keyed-items.ts";
import type { FieldPath } from "./path.ts";
import { fieldElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { presentNode } from "./present-fields.ts";
import { asArray, asObject, childSchema, itemSchema } from "./shape.ts";
import type { JsonArray, JsonValue } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";

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

function compare({ schema, path, found }: Place, [before, after]: Pair): void {
  if (before === undefined) {
    if (after !== undefined) found.added.graft(path, presentNode(schema, after));
  } else if (after === undefined) found.removed.graft(path, presentNode(schema, before));
  else if (before === after) requireKeys(schema, before);
  else compareBoth({ schema, path, found }, before, after);
}

function compareBoth(place: Place, before: JsonValue, after: JsonValue): void {
  const [was, is] = [kindOf(place.schema, before), kindOf(place.schema, after)];
  compareAs(was, place, [before, after]);
  if (is !== was) compareAs(is, place, [before, after]);
}

type Both = readonly [before: JsonValue, after: JsonValue];

function compareAs(kind: ComparisonKind, place: Place, both: Both): void {
  const isWhole = isOneField(kind, place.schema) || both.every((value) => isHollow(kind, value));
  if (kind === "map" && !isWhole) compareFields(place, both);
  else if (kind === "list" && !isWhole) compareItems(place, both);
  else if (!jsonEqual(...both)) place.found.modified.add(place.path);
}

function compareFields(place: Place, both: Both): void {
  const [before, after] = [asObject(both[0]), asObject(both[1])];
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

function compareItems(place: Place, both: Both): void {
  const before = itemsByKey(place.schema, asArray(both[0]));
  const after = itemsByKey(place.schema, asArray(both[1]));
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
