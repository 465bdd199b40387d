import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

type Random = () => number;

/** Fields that stay as they are: what they name is there, and other values would only be refused. */
const FIXED: ReadonlySet<string> = new Set([
  "apiVersion",
  "kind",
  "name",
  "protocol",
  "type",
  "mountPath",
  "matchLabels",
  "app",
]);

/** A part of an object, with a few other values in it: what a manager that cares for some fields would write. */
export function fragmentOf(object: KubeObject, random: Random): KubeObject {
  const { apiVersion, kind, metadata, ...content } = object;
  const labels = metadata.labels === undefined ? {} : { labels: fragment(metadata.labels, random) };
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name ?? "", ...(random() < 0.5 ? labels : {}) },
    ...fieldsOf(content, random),
  } as KubeObject;
}

/** A merge patch: a part of the object, with some of its fields removed. */
export function patchOf(object: KubeObject, random: Random): JsonObject {
  const { apiVersion: _v, kind: _k, metadata, ...content } = fragmentOf(object, random);
  const { name: _name, ...rest } = metadata;
  return withRemovals({ ...content, metadata: rest }, random);
}

function fieldsOf(map: JsonObject, random: Random): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    if (FIXED.has(name)) kept[name] = value;
    else if (random() < 0.55) kept[name] = fragment(value, random, name);
  }
  return kept;
}

function fragment(value: JsonValue, random: Random, name = ""): JsonValue {
  if (isJsonObject(value))
    return name === "free" && random() < 0.15 ? oddValue(random) : fieldsOf(value, random);
  if (isJsonArray(value)) return itemsOf(value, random);
  return random() < 0.35 ? changed(value, random) : value;
}

function itemsOf(items: readonly JsonValue[], random: Random): JsonValue {
  const kept = items
    .filter(() => random() < 0.7)
    .map((item) => (isJsonObject(item) ? fieldsOf(item, random) : item));
  if (kept.length > 1 && random() < 0.3) kept.reverse();
  const [first] = items;
  if (random() < 0.3) {
    if (isJsonObject(first) && typeof first["name"] === "string")
      kept.push({ ...first, name: `n${digit(random)}` });
    if (typeof first === "string") kept.push(`n${digit(random)}`);
    if (typeof first === "number") kept.push(1000 + digit(random));
  }
  return kept;
}

function changed(value: JsonValue, random: Random): JsonValue {
  if (typeof value === "number") return digit(random);
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string" || /[^a-z0-9]/.test(value)) return value;
  return String(digit(random));
}

function oddValue(random: Random): JsonValue {
  const values: readonly JsonValue[] = [
    {},
    { deep: "text" },
    { deep: { one: { more: 1 } } },
    { list: { a: 1 } },
    { deep: [], list: null },
  ];
  return values[Math.floor(random() * values.length)] ?? {};
}

function digit(random: Random): number {
  return 1 + Math.floor(random() * 3);
}

function withRemovals(map: JsonObject, random: Random): JsonObject {
  const patched: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const isRemoved = random() < 0.12 && name !== "spec" && name !== "metadata" && !FIXED.has(name);
    patched[name] = isRemoved ? null : isJsonObject(value) ? withRemovals(value, random) : value;
  }
  return patched;
}
