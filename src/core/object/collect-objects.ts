import { formatFieldPath } from "./field-path.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { isJsonArray, isJsonObject, viewString } from "./json.ts";
import type { KubeObject } from "./object.ts";

/** Lists in lists; real ones are one deep. */
const maxListDepth = 8;

/**
 * The Kubernetes objects of one document: itself, the elements of an array, or the items of a `List` or `<Kind>List`,
 * which inherit kind and apiVersion from a typed list as in client-go. `problem` makes the error that is thrown when one lacks
 * apiVersion, kind, or a name; what it is given names the field.
 */
export function collectObjects(value: JsonValue, problem: (text: string) => Error): KubeObject[] {
  const found: KubeObject[] = [];
  collect(value, { problem, path: [], found });
  return found;
}

interface Collecting {
  readonly problem: (text: string) => Error;
  readonly path: readonly (string | number)[];
  readonly found: KubeObject[];
}

function collect(value: JsonValue, at: Collecting): void {
  if (at.path.length > 2 * maxListDepth) throw problem(at, [], "lists are nested too deeply");
  if (isJsonArray(value)) {
    value.forEach((item, index) => collect(item, { ...at, path: [...at.path, index] }));
    return;
  }
  if (!isJsonObject(value)) {
    throw problem(
      at,
      [],
      "is not a Kubernetes object; a document must be a map with apiVersion, kind and metadata",
    );
  }
  if (!isList(value)) {
    checkObject(value, at);
    at.found.push(value as KubeObject);
    return;
  }
  const items = value["items"] ?? [];
  if (!isJsonArray(items)) throw problem(at, ["items"], "must be a list");
  items.forEach((item, index) =>
    collect(inherit(item, value), { ...at, path: [...at.path, "items", index] }),
  );
}

function isList(value: JsonObject): boolean {
  const kind = value["kind"];
  return (
    typeof kind === "string" &&
    kind.endsWith("List") &&
    Object.hasOwn(value, "items") &&
    !Object.hasOwn(value, "spec") &&
    !Object.hasOwn(value, "status")
  );
}

function inherit(item: JsonValue, list: JsonObject): JsonValue {
  const kind = (viewString(list, "kind") ?? "").slice(0, -"List".length);
  if (kind === "" || !isJsonObject(item)) return item;
  if (item["kind"] !== undefined || item["apiVersion"] !== undefined) return item;
  return { apiVersion: list["apiVersion"], kind, ...item };
}

function checkObject(object: JsonObject, at: Collecting): void {
  checkText(object, ["apiVersion"], at);
  checkText(object, ["kind"], at);
  const metadata = object["metadata"];
  if (!isJsonObject(metadata)) throw problem(at, ["metadata"], missingOr(metadata, "must be a map"));
  const named = metadata["name"] ?? metadata["generateName"];
  if (named === undefined || named === null || named === "") {
    throw problem(
      at,
      ["metadata", "name"],
      "is missing; every object needs a name (or metadata.generateName)",
    );
  }
  for (const field of ["name", "generateName", "namespace"]) {
    const value = metadata[field];
    if (value !== undefined && value !== null && typeof value !== "string") {
      throw problem(at, ["metadata", field], "must be a string; put quotes around it");
    }
  }
  checkStrings(metadata["labels"], ["metadata", "labels"], at);
  checkStrings(metadata["annotations"], ["metadata", "annotations"], at);
}

function checkText(object: JsonObject, path: readonly string[], at: Collecting): void {
  const value = object[path[0] ?? ""];
  if (typeof value === "string" && value !== "") return;
  throw problem(at, path, missingOr(value, "must be a string"));
}

function missingOr(value: JsonValue | undefined, otherwise: string): string {
  if (value !== undefined && value !== null && value !== "") return otherwise;
  return "is missing; every Kubernetes object needs it (exclude the file if it is no manifest)";
}

function checkStrings(value: JsonValue | undefined, path: readonly string[], at: Collecting): void {
  if (value === undefined || value === null) return;
  if (!isJsonObject(value)) throw problem(at, path, "must be a map of strings");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string" && text !== null) {
      throw problem(at, [...path, key], "must be a string; put quotes around it");
    }
  }
}

function problem(at: Collecting, field: readonly string[], text: string): Error {
  const path = formatFieldPath([...at.path, ...field]);
  return at.problem(path === "" ? text : `${path} ${text}`);
}
