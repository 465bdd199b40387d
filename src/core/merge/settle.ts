import type { FieldNode } from "./field-set.ts";
import { defaultedFields, defaultOf } from "./known-defaults.ts";
import { fieldElement, itemElement } from "./path.ts";
import { sameScalar } from "./scalar.ts";
import type { FieldSchema } from "./schema.ts";
import { childSchema, isEmptyOnServer, isNothing, isZero, itemSchema, shapeOf } from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepItems } from "#core/object/index.ts";

/** Where a value is: its schema, and what the applying manager owned at and below it. */
interface Place {
  readonly schema: FieldSchema;
  readonly owned: FieldNode | undefined;
}

/**
 * Writes a merged value as the server would store it next to the live one: what means the same keeps the live spelling
 * (`1000m` and `1`), what was removed falls back to its default, what the server drops stays absent. When nothing differs
 * the live value itself is returned.
 */
export function settle(place: Place, live: JsonValue, merged: JsonValue): JsonValue {
  if (isJsonObject(live) && isJsonObject(merged)) return settleFields(place, live, merged);
  if (isJsonArray(live) && isJsonArray(merged)) return settleItems(place, live, merged);
  return sameScalar(place.schema.format, live, merged) ? live : merged;
}

function settleFields(place: Place, live: JsonObject, merged: JsonObject): JsonObject {
  const settled: Record<string, JsonValue | undefined> = {};
  let isSame = true;
  for (const name of new Set([...Object.keys(live), ...Object.keys(merged)])) {
    const value = settleField(place, name, { live, merged });
    if (value !== undefined) settled[name] = value;
    isSame &&= value === live[name];
  }
  if (isSame) return live;
  if (shapeOf(place.schema, merged) === "leaf") return merged;
  return Object.keys(live).every((name) => name in settled)
    ? settled
    : withNewDefaults(place.schema, settled);
}

/** Where a field went, the default of another may come: a volume that lost its source becomes an empty directory. */
function withNewDefaults(schema: FieldSchema, settled: JsonObject): JsonObject {
  const added = defaultedFields(schema)
    .filter((name) => settled[name] === undefined)
    .map((name) => [name, defaultOf(schema, name, settled)] as const)
    .filter(([, value]) => !isNothing(value));
  return added.length === 0 ? settled : { ...settled, ...Object.fromEntries(added) };
}

interface Parents {
  readonly live: JsonObject;
  readonly merged: JsonObject;
}

function settleField(place: Place, name: string, parents: Parents): JsonValue | undefined {
  const [live, merged] = [parents.live[name], parents.merged[name]];
  const { schema } = place;
  const below = { schema: childSchema(schema, name), owned: place.owned?.children?.get(fieldElement(name)) };
  if (isNothing(merged) || isEmptyOnServer(below.schema, merged)) {
    if (isNothing(live) || isEmptyOnServer(below.schema, live)) return live;
    const fallback = defaultOf(schema, name, parents.merged);
    return isNothing(fallback) ? undefined : settle(below, live, fallback);
  }
  if (!isNothing(live)) return settle(below, live, merged);
  return isDroppedZero(below, merged) ? live : merged;
}

/**
 * True for a zero value that the server does not keep, as the live object shows: the manager owns the field and it is not
 * there, so it was applied before and dropped.
 */
function isDroppedZero({ schema, owned }: Place, value: JsonValue): boolean {
  return schema.omitsEmpty === true && isZero(value) && (owned?.member === true || schema.default === value);
}

function settleItems(place: Place, live: JsonArray, merged: JsonArray): JsonArray {
  const { schema } = place;
  const isLeaf = shapeOf(schema, merged) === "leaf";
  const partners = isLeaf ? live : partnersOf(schema, live, merged);
  const settled = merged.map((item, i) => {
    const partner = partners[i];
    const element = isLeaf ? undefined : itemElement(schema, item);
    const owned = element === undefined ? undefined : place.owned?.children?.get(element);
    return isNothing(partner) ? item : settle({ schema: itemSchema(schema), owned }, partner, item);
  });
  if (keepItems(live, settled) === live) return live;
  return isLeaf ? merged : settled;
}

/** For each merged item the live item with the same key. */
function partnersOf(
  schema: FieldSchema,
  live: JsonArray,
  merged: JsonArray,
): readonly (JsonValue | undefined)[] {
  const byKey = new Map(live.map((item) => [itemElement(schema, item), item]));
  return merged.map((item) => byKey.get(itemElement(schema, item)));
}
