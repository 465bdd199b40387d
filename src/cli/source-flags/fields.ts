import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject } from "#core/object/index.ts";
import { usageError } from "../usage-error.ts";

export type Fields = Readonly<Record<string, JsonValue | undefined>>;

/** Only the fields that have a value. */
export function present(fields: Fields): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** A list that was given; undefined leaves what is there. */
export function listOf(given: readonly string[]): readonly string[] | undefined {
  return given.length === 0 ? undefined : given;
}

/** `key=value` flags as a map. Throws CLI_USAGE. */
export function parsePairs(flag: string, pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map((pair) => parsePair(flag, pair)));
}

export function parsePair(flag: string, pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  if (at <= 0) throw usageError(`flag ${flag}: ${JSON.stringify(pair)} is no KEY=VALUE`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** The list with items put in: one of the same name in place of the old one, others at the end. */
function upsertNamed(before: JsonArray, items: readonly JsonObject[]): JsonArray {
  const list = [...before];
  for (const item of items) {
    const at = list.findIndex((one) => isJsonObject(one) && one["name"] === item["name"]);
    if (at < 0) list.push(item);
    else list[at] = item;
  }
  return list;
}

/** An object of a source with changes; undefined when there are none. */
export function changed(source: JsonObject, field: string, changes: JsonObject): JsonObject {
  return Object.keys(changes).length === 0 ? {} : { [field]: { ...viewObject(source, field), ...changes } };
}

/** The items of a list field as it is; undefined changes nothing. */
export function upsertField(
  block: JsonObject,
  field: string,
  items: readonly JsonObject[],
): JsonArray | undefined {
  return items.length === 0 ? undefined : upsertNamed(viewArray(block, field), items);
}
