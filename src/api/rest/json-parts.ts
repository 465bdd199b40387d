import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray } from "#core/object/index.ts";

/** So many items are written as one text. */
const itemsAtOnce = 100;

/** Whether an object has a list that comes in parts. */
export function hasLongList(object: JsonObject): boolean {
  return Object.values(object).some((value) => isJsonArray(value) && value.length > itemsAtOnce);
}

/**
 * The text that `JSON.stringify` makes of an object, in parts: a list among its fields comes by a hundred items, so that a long list is never
 * held as one text.
 */
export function* jsonParts(object: JsonObject): Iterable<string> {
  let pending = "{";
  let isFirst = true;
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    pending += `${isFirst ? "" : ","}${JSON.stringify(name)}:`;
    isFirst = false;
    if (!isJsonArray(value) || value.length <= itemsAtOnce) {
      pending += JSON.stringify(value);
      continue;
    }
    yield `${pending}[`;
    yield* itemParts(value);
    pending = "]";
  }
  yield `${pending}}`;
}

function* itemParts(items: readonly JsonValue[]): Iterable<string> {
  for (let at = 0; at < items.length; at += itemsAtOnce) {
    const text = JSON.stringify(items.slice(at, at + itemsAtOnce));
    yield `${at === 0 ? "" : ","}${text.slice(1, -1)}`;
  }
}
