import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** A small deterministic generator (mulberry32): a failing seed replays. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const KEEP = new Set([
  "apiVersion",
  "kind",
  "name",
  "namespace",
  "selector",
  "serviceName",
  "roleRef",
  "scaleTargetRef",
]);

/**
 * A copy in which a few things changed at random: fields and items removed, items swapped and doubled under another name,
 * texts and numbers altered. Many results are invalid; the server says so.
 */
export function mutated(object: KubeObject, random: () => number): KubeObject {
  return { ...object, ...mutateFields(object, random, 0) } as KubeObject;
}

function mutateFields(
  map: Readonly<Record<string, JsonValue | undefined>>,
  random: () => number,
  depth: number,
) {
  const result: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    if (KEEP.has(name)) result[name] = value;
    else if (depth < 2 || random() > 0.06) result[name] = mutate(value, random, depth + 1);
  }
  return result;
}

function mutate(value: JsonValue, random: () => number, depth: number): JsonValue {
  if (isJsonObject(value)) return mutateFields(value, random, depth);
  if (isJsonArray(value)) return mutateItems(value, random, depth);
  if (random() > 0.08) return value;
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return /^\d+$/.test(value) ? String(Number(value) + 1) : value;
  return value;
}

function mutateItems(items: readonly JsonValue[], random: () => number, depth: number): JsonValue {
  const result = items.filter(() => random() > 0.06).map((item) => mutate(item, random, depth));
  if (result.length > 1 && random() < 0.15) result.reverse();
  const first = result[0];
  if (random() < 0.12 && isJsonObject(first) && typeof first["name"] === "string") {
    result.splice(Math.floor(random() * (result.length + 1)), 0, { ...first, name: `${first["name"]}x` });
  }
  return result;
}
