import type { FieldSchema } from "#core/merge/schema.ts";
import { deduced } from "#core/merge/schema.ts";
import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import { orderElements } from "./element-order.ts";

const directive = "$patch";
const retainKeys = "$retainKeys";
const deleteFromList = "$deleteFromPrimitiveList/";
const elementOrder = "$setElementOrder/";

/**
 * The object after a strategic merge patch: maps are merged, null removes, lists are merged by the key that the schema names or
 * replaced. Directives as in the API conventions ("Strategic Merge Patch"). Throws BadRequest for a patch that makes no sense.
 */
export function applyStrategicMerge(live: JsonObject, patch: JsonValue, schema: FieldSchema): JsonObject {
  if (!isJsonObject(patch)) throw new ApiError("BadRequest", "error decoding patch: the patch is no object");
  return mergeMaps(live, patch, schema);
}

function mergeMaps(live: JsonObject, patch: JsonObject, schema: FieldSchema): JsonObject {
  const mode = patch[directive];
  if (mode === "delete") return {};
  if (mode === "replace") return stripped(patch);
  if (mode !== undefined)
    throw new ApiError("Unknown", `unknown patch type: ${formatGo(mode)} in map: ${formatGo(patch)}`);
  const merged = new Map(Object.entries(retained(live, patch)));
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || name === directive || name === retainKeys || name.startsWith(elementOrder))
      continue;
    if (name.startsWith(deleteFromList)) removeFrom(merged, name.slice(deleteFromList.length), value);
    else if (value === null) merged.delete(name);
    else merged.set(name, mergeValue(merged.get(name), value, { name, patch, schema }));
  }
  reorderUnpatched(merged, patch, schema);
  return Object.fromEntries(merged) as JsonObject;
}

/** As Go prints values that it knows nothing of. */
function formatGo(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map((item) => formatGo(item)).join(" ")}]`;
  if (value === null) return "<nil>";
  if (!isJsonObject(value)) return String(value);
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([name, field]) => `${name}:${formatGo(field ?? null)}`).join(" ")}]`;
}

interface Place {
  readonly name: string;
  /** What the value stands in: orders of elements are told there. */
  readonly patch: JsonObject;
  readonly schema: FieldSchema;
}

function mergeValue(live: JsonValue | undefined, patch: JsonValue, place: Place): JsonValue {
  const schema = place.schema.field(place.name) ?? deduced;
  const isReplaced = schema.patch !== undefined && !schema.patch.merge && !schema.patch.retainKeys;
  if (isJsonObject(patch)) {
    if (isReplaced) return stripped(patch);
    return mergeMaps(isJsonObject(live) ? live : {}, patch, schema);
  }
  if (!isJsonArray(patch)) return patch;
  const order = place.patch[`${elementOrder}${place.name}`];
  if (schema.patch?.merge !== true) return patch.filter((item) => !isDirective(item));
  if (live === undefined) return patch.filter((item) => !isDirective(item) && !isDeletion(item));
  const before = isJsonArray(live) ? live : [];
  if (isReplacement(patch)) return mergeLists(before, patch, schema);
  return orderElements(mergeLists(before, patch, schema), {
    patched: isJsonArray(order) ? [...order, ...patch] : patch,
    live: before,
    mergeKey: schema.patch.mergeKey,
  });
}

function mergeLists(live: JsonArray, patch: JsonArray, schema: FieldSchema): JsonArray {
  const key = schema.patch?.mergeKey;
  const items = schema.items ?? deduced;
  if (isReplacement(patch)) {
    return patch
      .filter((item) => !isDirective(item))
      .map((item) => (isJsonObject(item) ? stripped(item) : item));
  }
  if (key === undefined) {
    return [...live, ...patch.filter((item) => !live.some((known) => jsonEqual(known, item)))];
  }
  let merged = live;
  for (const item of patch) merged = mergeItem(merged, item, { key, items });
  return merged;
}

function mergeItem(
  list: JsonArray,
  item: JsonValue,
  { key, items }: { readonly key: string; readonly items: FieldSchema },
): JsonArray {
  if (!isJsonObject(item))
    throw new ApiError("BadRequest", `an item of a list that is merged by ${key} is no object`);
  const id = item[key];
  if (id === undefined) {
    throw new ApiError(
      "BadRequest",
      `map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`,
    );
  }
  const isSame = (known: JsonValue) => isJsonObject(known) && jsonEqual(known[key], id);
  if (item[directive] === "delete") return list.filter((known) => !isSame(known));
  const at = list.findIndex(isSame);
  // What is new is taken as it is, whatever it says within.
  if (at === -1) return [...list, item];
  const known = list[at];
  return list.with(at, mergeMaps(isJsonObject(known) ? known : {}, item, items));
}

function isReplacement(patch: JsonArray): boolean {
  return patch.some((item) => isJsonObject(item) && item[directive] === "replace");
}

/** An item that is nothing but `$patch`. */
function isDeletion(item: JsonValue): boolean {
  return isJsonObject(item) && item[directive] === "delete";
}

function isDirective(item: JsonValue): boolean {
  return isJsonObject(item) && item[directive] !== undefined && Object.keys(item).length === 1;
}

/** A value that is new in the object: without directives and nulls. */
function stripped(value: JsonObject): JsonObject {
  const kept = Object.entries(value).filter(
    ([name, field]) => !name.startsWith("$") && field !== undefined && field !== null,
  );
  return Object.fromEntries(
    kept.map(([name, field]) => [name, isJsonObject(field) ? stripped(field) : field]),
  );
}

/** With `$retainKeys` only the fields that it names stay. */
function retained(live: JsonObject, patch: JsonObject): JsonObject {
  const keys = patch[retainKeys];
  if (!isJsonArray(keys)) return live;
  return Object.fromEntries(Object.entries(live).filter(([name]) => keys.includes(name)));
}

function removeFrom(merged: Map<string, JsonValue | undefined>, name: string, gone: JsonValue): void {
  const list = merged.get(name);
  if (!isJsonArray(list) || !isJsonArray(gone)) return;
  merged.set(
    name,
    list.filter((item) => !gone.some((other) => jsonEqual(other, item))),
  );
}

/** An order may be told of a list that the patch does not otherwise change. */
function reorderUnpatched(
  merged: Map<string, JsonValue | undefined>,
  patch: JsonObject,
  schema: FieldSchema,
): void {
  for (const [field, order] of Object.entries(patch)) {
    const name = field.startsWith(elementOrder) ? field.slice(elementOrder.length) : undefined;
    const list = name === undefined ? undefined : merged.get(name);
    if (name === undefined || patch[name] !== undefined || !isJsonArray(list) || !isJsonArray(order))
      continue;
    const mergeKey = schema.field(name)?.patch?.mergeKey;
    merged.set(name, orderElements(list, { patched: order, live: list, mergeKey }));
  }
}
