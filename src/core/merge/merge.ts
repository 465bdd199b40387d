import { defaultedFields, defaultOf } from "./known-defaults.ts";
import type { PathElement } from "./path.ts";
import { groupItems, indexItems } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import {
  asArray,
  asObject,
  childSchema,
  isEmptyContainer,
  isEmptyOnServer,
  isNothing,
  itemSchema,
  shapeOf,
} from "./shape.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepItems } from "#core/object/index.ts";

/** What differs between predicting a merge and doing it. */
interface MergeRules {
  /** What becomes of an applied value that nothing live corresponds to. */
  readonly complete: (schema: FieldSchema, applied: JsonValue) => JsonValue;
  /** True to merge lists in which two live items share a key. */
  readonly allowsDuplicates: boolean;
}

interface Place {
  readonly schema: FieldSchema;
  readonly rules: MergeRules;
}

/**
 * Lays an applied configuration over a live value: nothing is removed, scalars and atomic values are replaced, lists with
 * keys are merged item by item. Null stands for a field that the configuration asks to be unset. New values are written as
 * the API server would store them. Live maps and lists in which nothing differs are themselves in the result.
 *
 * Throws `Unmergeable` where the API server would refuse or its answer cannot be told.
 */
export function mergeApplied(
  schema: FieldSchema,
  live: JsonValue | undefined,
  applied: JsonValue,
): JsonValue {
  return merge({ schema, rules: { complete: completed, allowsDuplicates: false } }, live, applied);
}

/** The same as the API server does it: values as they were sent, without defaults. The configuration has to be valid. */
export function mergeConfiguration(
  schema: FieldSchema,
  live: JsonValue | undefined,
  applied: JsonValue,
): JsonValue {
  return merge({ schema, rules: { complete: (_, value) => value, allowsDuplicates: true } }, live, applied);
}

function merge(place: Place, live: JsonValue | undefined, applied: JsonValue): JsonValue {
  const { schema, rules } = place;
  if (isNothing(live)) return rules.complete(schema, applied);
  const shape = shapeOf(schema, isNothing(applied) ? live : applied);
  if (
    shape === "leaf" ||
    shape !== shapeOf(schema, live) ||
    isJsonArray(live) !== isJsonArray(applied ?? live)
  ) {
    return rules.complete(schema, applied);
  }
  if (isEmptyContainer(live) && (applied === null || isEmptyContainer(applied))) return applied;
  return shape === "map"
    ? mergeFields(place, asObject(live), asObject(applied))
    : mergeItems(place, asArray(live), asArray(applied));
}

/** Why an apply cannot be predicted; the API server has to be asked. */
export class Unmergeable extends Error {}

function mergeFields({ schema, rules }: Place, live: JsonObject, applied: JsonObject): JsonObject {
  let merged: Record<string, JsonValue | undefined> | undefined;
  for (const name of Object.keys(applied)) {
    const value = applied[name];
    if (value === undefined) continue;
    refuseUnknown(schema, name);
    const field = merge({ schema: childSchema(schema, name), rules }, live[name], value);
    if (field !== live[name]) (merged ??= { ...live })[name] = field;
  }
  return merged ?? live;
}

function refuseUnknown(schema: FieldSchema, name: string): void {
  if (schema.field(name) === undefined) throw new Unmergeable(`field ${name} is not in the schema`);
}

function mergeItems({ schema, rules }: Place, live: JsonArray, applied: JsonArray): JsonArray {
  const liveItems = groupItems(schema, live);
  const appliedItems = indexItems(schema, applied);
  if (appliedItems === undefined) throw new Unmergeable("two items of a list have the same key");
  if (liveItems.size < live.length && !rules.allowsDuplicates) {
    throw new Unmergeable("two live items of a list have the same key");
  }
  const below = { schema: itemSchema(schema), rules };
  const merged = orderItems([...liveItems.keys()], [...appliedItems.keys()]).flatMap((element) => {
    const item = appliedItems.get(element);
    const liveItem = liveItems.get(element);
    if (item === undefined) return liveItem === undefined ? [] : liveItem;
    return [merge(below, liveItem?.length === 1 ? liveItem[0] : undefined, item)];
  });
  return keepItems(live, merged);
}

/**
 * The order of a merged list: applied items in the order in which they are applied; an item that only lives keeps its
 * place before the shared item that follows it.
 */
function orderItems(live: readonly PathElement[], applied: readonly PathElement[]): readonly PathElement[] {
  const inLive = new Set(live);
  const inApplied = new Set(applied);
  const shared = applied.filter((element) => inLive.has(element));
  const order: PathElement[] = [];
  let [nextLive, nextShared, nextApplied] = [0, 0, 0];
  while (nextLive < live.length || nextApplied < applied.length) {
    const candidate = live[nextLive];
    if (candidate !== undefined && !inApplied.has(candidate)) {
      order.push(candidate);
      nextLive += 1;
    } else if (candidate !== undefined && candidate !== shared[nextShared]) {
      nextLive += 1;
    } else {
      const element = applied[nextApplied] ?? "";
      order.push(element);
      nextApplied += 1;
      if (element === candidate) nextLive += 1;
      if (element === shared[nextShared]) nextShared += 1;
    }
  }
  return order;
}

/** A value that is new in the object: nulls are dropped and what the server fills in is added. */
function completed(schema: FieldSchema, value: JsonValue): JsonValue {
  switch (shapeWithin(schema, value)) {
    case "map":
      return completedFields(schema, asObject(value));
    case "items":
      if (schema.listType === "map" && indexItems(schema, asArray(value)) === undefined) {
        throw new Unmergeable("two items of a list have the same key");
      }
      return asArray(value).map((item) => completed(itemSchema(schema), item));
    case "leaf":
      return schema.format === "quantity" && typeof value === "number" ? String(value) : value;
  }
}

/** Defaults are filled in inside atomic values too. */
function shapeWithin(schema: FieldSchema, value: JsonValue): "map" | "items" | "leaf" {
  if (isJsonObject(value)) return schema.type === "map" ? "map" : "leaf";
  return isJsonArray(value) && schema.type === "list" ? "items" : "leaf";
}

function completedFields(schema: FieldSchema, map: JsonObject): JsonObject {
  const fields: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    refuseUnknown(schema, name);
    const child = childSchema(schema, name);
    if (value !== null && !isEmptyOnServer(child, value)) fields[name] = completed(child, value);
  }
  for (const name of defaultedFields(schema)) {
    const value = fields[name] === undefined ? defaultOf(schema, name, fields) : undefined;
    if (isNothing(value)) continue;
    fields[name] = completed(childSchema(schema, name), value);
  }
  return fields;
}
