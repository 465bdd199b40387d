import type { FieldSchema } from "./schema.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/**
 * One step of a field path in the notation of FieldsV1: `f:image` a field, `k:{"name":"web"}` the list item with these
 * keys, `v:"x"` the item of a set, `i:3` an index. JSON inside is canonical, so equal steps are equal strings.
 */
export type PathElement = string;
export type FieldPath = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** Brings a step written by someone else to the canonical form; undefined when it is none. */
export function parsePathElement(text: string): PathElement | undefined {
  const rest = text.slice(2);
  switch (text.slice(0, 2)) {
    case "f:":
      return text;
    case "i:":
      return /^\d+$/.test(rest) ? text : undefined;
    case "v:":
      return canonicalElement("v:", rest);
    case "k:":
      return canonicalElement("k:", rest);
    default:
      return undefined;
  }
}

/** How the server writes nearly all of them; these need no parsing. */
const CANONICAL_KEY = /^\{"\w+":(?:"[^"\\]*"|\d{1,9})\}$/;

function canonicalElement(prefix: "k:" | "v:", json: string): PathElement | undefined {
  if (CANONICAL_KEY.test(json)) return `${prefix}${json}`;
  let value: JsonValue;
  try {
    value = JSON.parse(json) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (prefix === "v:") return `v:${JSON.stringify(value)}`;
  return isJsonObject(value) ? keyElement(value) : undefined;
}

function keyElement(keys: JsonObject): PathElement {
  const names = Object.keys(keys);
  if (names.length > 1) names.sort();
  return `k:{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(keys[name])}`).join(",")}}`;
}

/** The step that leads to a list item; undefined when the item cannot be told apart: it lacks every key, or is no scalar of a set. */
export function itemElement(list: FieldSchema, item: JsonValue): PathElement | undefined {
  if (list.listType === "set") {
    return item === null || typeof item === "object" ? undefined : `v:${JSON.stringify(item)}`;
  }
  if (!isJsonObject(item)) return undefined;
  const keys: Record<string, JsonValue> = {};
  for (const name of list.listKeys ?? []) {
    const value = item[name] ?? list.items?.field(name)?.default;
    if (value !== undefined && value !== null) keys[name] = value;
  }
  return Object.keys(keys).length === 0 ? undefined : keyElement(keys);
}

/** The keys of each item in order; undefined when an item has none or two items share one. */
export function indexItems(
  list: FieldSchema,
  items: readonly JsonValue[],
): ReadonlyMap<PathElement, JsonValue> | undefined {
  const index = new Map<PathElement, JsonValue>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (element === undefined || index.has(element)) return undefined;
    index.set(element, item);
  }
  return index;
}

/** The items of each key in order; items without one are left out. */
export function groupItems(
  list: FieldSchema,
  items: readonly JsonValue[],
): ReadonlyMap<PathElement, readonly JsonValue[]> {
  const groups = new Map<PathElement, JsonValue[]>();
  for (const item of items) {
    const element = itemElement(list, item);
    if (element === undefined) continue;
    const group = groups.get(element);
    if (group === undefined) groups.set(element, [item]);
    else group.push(item);
  }
  return groups;
}

/** The value that a path leads to, found without a schema; undefined when there is none. */
export function valueAt(value: JsonValue | undefined, path: FieldPath): JsonValue | undefined {
  let current = value;
  for (const element of path) {
    if (current === undefined || current === null) return undefined;
    current = stepInto(current, element);
  }
  return current;
}

function stepInto(value: JsonValue, element: PathElement): JsonValue | undefined {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return isJsonObject(value) ? value[rest] : undefined;
  if (!isJsonArray(value)) return undefined;
  return element.startsWith("i:")
    ? value[Number(rest)]
    : value.find((item, i) => matchesItem(element, item, i));
}

/** True when the step leads to this item of a list, found without a schema. */
export function matchesItem(element: PathElement, item: JsonValue, index: number): boolean {
  const rest = element.slice(2);
  if (element.startsWith("i:")) return Number(rest) === index;
  if (element.startsWith("v:")) return JSON.stringify(item) === rest;
  return element.startsWith("k:") && isJsonObject(item) && matchesKeys(item, JSON.parse(rest) as JsonObject);
}

/** A key that the item leaves to its default counts as equal; one key at least must be there. */
function matchesKeys(item: JsonObject, keys: JsonObject): boolean {
  const present = Object.keys(keys).filter((name) => item[name] !== undefined);
  return present.length > 0 && present.every((name) => item[name] === keys[name]);
}

/** `spec.containers[name="web"].image`; names that are no plain words are quoted: `metadata.labels["app.kubernetes.io/name"]`. */
export function formatFieldPath(path: FieldPath): string {
  return path.map((element, i) => formatElement(element, i === 0)).join("");
}

function formatElement(element: PathElement, first: boolean): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) {
    if (!/^[\w$-]+$/.test(rest)) return `[${JSON.stringify(rest)}]`;
    return first ? rest : `.${rest}`;
  }
  if (element.startsWith("v:")) return `[=${rest}]`;
  if (element.startsWith("i:")) return `[${rest}]`;
  const keys = JSON.parse(rest) as JsonObject;
  return `[${Object.keys(keys)
    .map((name) => `${name}=${JSON.stringify(keys[name])}`)
    .join(",")}]`;
}

/** Steps in the order of the API server: fields, items with keys, items of sets, indexes; numbers by their value. */
export function compareElements(a: PathElement, b: PathElement): number {
  const [kindA, kindB] = [a.charAt(0), b.charAt(0)];
  if (kindA !== kindB) return "fkvi".indexOf(kindA) - "fkvi".indexOf(kindB);
  if (kindA === "f" || kindA === "i")
    return kindA === "f" ? compareScalars(a, b) : Number(a.slice(2)) - Number(b.slice(2));
  const [valueA, valueB] = [a, b].map((element) => JSON.parse(element.slice(2)) as JsonValue);
  if (!isJsonObject(valueA) || !isJsonObject(valueB)) return compareScalars(valueA ?? null, valueB ?? null);
  return compareKeys(Object.entries(valueA), Object.entries(valueB));
}

type KeyEntry = readonly [name: string, value: JsonValue | undefined];

function compareKeys(a: readonly KeyEntry[], b: readonly KeyEntry[]): number {
  for (const [i, [name, value]] of a.entries()) {
    const [otherName, otherValue] = b[i] ?? [];
    if (otherName === undefined) return 1;
    const order = compareScalars(name, otherName) || compareScalars(value ?? null, otherValue ?? null);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareScalars(a: JsonValue, b: JsonValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [textA, textB] = [a, b].map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  if (textA === textB) return 0;
  return (textA ?? "") < (textB ?? "") ? -1 : 1;
}

/** `.spec.containers[name="web"].image`: a path as the API server prints it. */
export function printFieldPath(path: FieldPath): string {
  return path.map((element) => printElement(element)).join("");
}

export function printElement(element: PathElement): string {
  return element.startsWith("f:") ? `.${element.slice(2)}` : formatElement(element, false);
}
