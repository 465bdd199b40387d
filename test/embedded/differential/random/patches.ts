import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { Draw } from "./draw.ts";

const operations = ["add", "add", "replace", "replace", "remove", "test", "nope"] as const;
const moves = ["copy", "move"] as const;

/** An RFC 6902 patch about some of the places that a part of an object has; what is moved seldom fits where it comes. */
export function jsonPatchOf(fragment: JsonObject, draw: Draw, canMove: boolean): JsonValue {
  const count = 1 + draw.below(3);
  return Array.from({ length: count }, () => {
    const { pointer, value } = placeIn(fragment, draw);
    const all = canMove ? [...operations, ...moves] : operations;
    const op = value === null ? "remove" : draw.pick(all);
    if (op === "copy" || op === "move") return { op, from: pointer, path: placeIn(fragment, draw).pointer };
    return op === "remove" ? { op, path: pointer } : { op, path: pointer, value };
  });
}

interface Place {
  readonly pointer: string;
  readonly value: JsonValue;
}

function placeIn(fragment: JsonValue, draw: Draw): Place {
  let value = fragment;
  let pointer = "";
  for (;;) {
    const steps = isJsonArray(value) ? ["0", "0", "1", "-"] : isJsonObject(value) ? Object.keys(value) : [];
    if (steps.length === 0 || (pointer !== "" && draw.chance(0.3))) return { pointer, value };
    const step = draw.pick(steps);
    const inner: JsonValue | undefined = isJsonArray(value)
      ? value[Number(step) || 0]
      : (value as JsonObject)[step];
    pointer += `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (inner === undefined) return { pointer, value: null };
    value = inner;
  }
}

/** Fields by which strategic patches tell items of lists apart. */
const mergeKeys = ["uid", "containerPort", "port", "mountPath", "type", "topologyKey", "ip", "key", "name"];

/** Lists that have a key; of some of the others the real server does not survive an order. */
const keyed: ReadonlySet<string> = new Set([
  "containers",
  "env",
  "imagePullSecrets",
  "volumes",
  "volumeMounts",
]);

/** A strategic patch: a part of an object, now and then with a directive. */
export function strategicPatchOf(fragment: JsonObject, draw: Draw): JsonObject {
  return directed(fragment, draw) as JsonObject;
}

function directed(value: JsonValue, draw: Draw): JsonValue {
  if (isJsonArray(value)) return value.map((item) => directed(withoutNulls(item), draw));
  if (!isJsonObject(value)) return value;
  const patched: Record<string, JsonValue> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const within = directed(inner, draw);
    const isKeyed = isJsonArray(within) && keyed.has(name);
    patched[name] = isKeyed ? withItemDirectives(within, draw) : within;
    if (isJsonArray(inner)) addListDirectives(patched, { name, items: inner }, draw);
  }
  return patched;
}

/** A null in an item that is new would be left where its field is. */
function withoutNulls(item: JsonValue): JsonValue {
  if (!isJsonObject(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)) as JsonObject;
}

function withItemDirectives(items: readonly JsonValue[], draw: Draw): JsonValue {
  if (draw.chance(0.03)) return [...items, { $patch: "replace" }];
  return items.map((item) => {
    if (!isJsonObject(item) || !draw.chance(0.1)) return item;
    const key = mergeKeys.find((each) => item[each] !== undefined);
    return key === undefined ? item : { [key]: item[key] as JsonValue, $patch: "delete" };
  });
}

interface PatchedList {
  readonly name: string;
  readonly items: readonly JsonValue[];
}

function addListDirectives(
  patched: Record<string, JsonValue>,
  { name, items }: PatchedList,
  draw: Draw,
): void {
  const [first] = items;
  if (isJsonObject(first)) {
    const key = mergeKeys.find((each) => first[each] !== undefined);
    if (key === undefined || !keyed.has(name) || !draw.chance(0.1)) return;
    patched[`$setElementOrder/${name}`] = items.map((item) => ({ [key]: (item as JsonObject)[key] ?? null }));
    return;
  }
  if (name !== "finalizers" || items.length === 0 || !draw.chance(0.3)) return;
  if (draw.chance(0.5)) {
    patched[`$setElementOrder/${name}`] = items;
    return;
  }
  // What is both given and taken away is one or the other, by chance.
  delete patched[name];
  patched[`$deleteFromPrimitiveList/${name}`] = items;
}
