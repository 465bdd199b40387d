import type { JsonArray, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

export interface ElementOrder {
  /** What `$setElementOrder` tells, or the patch's own items. */
  readonly patched: JsonArray;
  /** The list before the patch. */
  readonly live: JsonArray;
  readonly mergeKey: string | undefined;
}

/**
 * A patched list in the order that strategic merge patches give: the items that the patch speaks of in its order, the others in theirs;
 * one of the others comes first only when it stood before the patched one already.
 */
export function orderElements(list: JsonArray, { patched, live, mergeKey }: ElementOrder): JsonArray {
  const idOf = (item: JsonValue): string =>
    JSON.stringify(mergeKey !== undefined && isJsonObject(item) ? (item[mergeKey] ?? null) : item);
  const wanted = placesOf(patched.map(idOf));
  const before = placesOf(live.map(idOf));
  const named = sortBy(list, wanted, idOf);
  const others = sortBy(
    list.filter((item) => !wanted.has(idOf(item))),
    before,
    idOf,
  );
  const ordered: JsonValue[] = [];
  let [nextOther, nextNamed] = [0, 0];
  while (nextOther < others.length || nextNamed < named.length) {
    const [other, one] = [others[nextOther], named[nextNamed]];
    if (one === undefined || (other !== undefined && isBefore(before, idOf(other), idOf(one)))) {
      if (other !== undefined) ordered.push(other);
      nextOther += 1;
    } else {
      ordered.push(one);
      nextNamed += 1;
    }
  }
  return ordered;
}

function placesOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, at): readonly [string, number] => [id, at]).toReversed());
}

/** The items that have a place, in the order of places. */
function sortBy(
  list: JsonArray,
  places: ReadonlyMap<string, number>,
  idOf: (item: JsonValue) => string,
): readonly JsonValue[] {
  return list
    .filter((item) => places.has(idOf(item)))
    .toSorted((a, b) => (places.get(idOf(a)) ?? 0) - (places.get(idOf(b)) ?? 0));
}

function isBefore(places: ReadonlyMap<string, number>, a: string, b: string): boolean {
  const [first, second] = [places.get(a), places.get(b)];
  return first !== undefined && second !== undefined && first < second;
}
