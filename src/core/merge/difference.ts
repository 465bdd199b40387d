import type { FieldPath } from "./path.ts";
import { fieldElement, itemElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { childSchema, isNothing, itemSchema, shapeOf } from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual } from "#core/object/index.ts";

export interface Difference {
  readonly path: FieldPath;
  readonly kind: "added" | "removed" | "modified";
}

interface Place {
  readonly schema: FieldSchema;
  readonly path: FieldPath;
}

/** The fields in which two values differ: whole atomic values, whole items that only one has, lists whose order differs. */
export function listDifferences(
  schema: FieldSchema,
  before: JsonValue,
  after: JsonValue,
): readonly Difference[] {
  const found: Difference[] = [];
  collect({ schema, path: [] }, [before, after], found);
  return found;
}

type Pair = readonly [JsonValue | undefined, JsonValue | undefined];

function collect(place: Place, [before, after]: Pair, found: Difference[]): void {
  if (before === after || jsonEqual(before ?? undefined, after ?? undefined)) return;
  if (isNothing(before)) found.push({ path: place.path, kind: "added" });
  else if (isNothing(after)) found.push({ path: place.path, kind: "removed" });
  else if (isJsonObject(before) && isJsonObject(after) && shapeOf(place.schema, after) === "map") {
    collectFields(place, [before, after], found);
  } else if (isJsonArray(before) && isJsonArray(after) && shapeOf(place.schema, after) === "items") {
    collectItems(place, [before, after], found);
  } else found.push({ path: place.path, kind: "modified" });
}

function collectFields(
  place: Place,
  [before, after]: readonly [JsonObject, JsonObject],
  found: Difference[],
): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const path = [...place.path, fieldElement(name)];
    collect({ schema: childSchema(place.schema, name), path }, [before[name], after[name]], found);
  }
}

function collectItems(
  place: Place,
  [before, after]: readonly [JsonArray, JsonArray],
  found: Difference[],
): void {
  const count = found.length;
  const keyed = (items: JsonArray): Map<string, JsonValue> =>
    new Map(items.map((item, i) => [itemElement(place.schema, item) ?? `i:${i}`, item]));
  const [old, next] = [keyed(before), keyed(after)];
  for (const element of new Set([...old.keys(), ...next.keys()])) {
    const below = { schema: itemSchema(place.schema), path: [...place.path, element] };
    collect(below, [old.get(element), next.get(element)], found);
  }
  if (found.length === count) found.push({ path: place.path, kind: "modified" });
}
