import type { FieldNode } from "./field-set.ts";
import { FieldSet } from "./field-set.ts";
import type { PathElement } from "./path.ts";
import { parsePathElement } from "./path.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";

/** One entry of `metadata.managedFields`: what a manager owns, and by which operation it came to own it. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** RFC 3339; empty when the entry has none. */
  readonly time: string;
  readonly fields: FieldSet;
}

/** The entries of an object, in order. An entry that is not FieldsV1, or whose paths cannot be read, owns what can be read. */
export function parseManagedFields(object: KubeObject): readonly ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? [])
    .filter((entry) => isJsonObject(entry))
    .map((entry) => parseEntry(entry));
}

function parseEntry(entry: JsonObject): ManagedFieldsEntry {
  const fields = entry["fieldsV1"];
  return {
    manager: viewString(entry, "manager") ?? "",
    operation: entry["operation"] === "Apply" ? "Apply" : "Update",
    apiVersion: viewString(entry, "apiVersion") ?? "",
    subresource: viewString(entry, "subresource") ?? "",
    time: viewString(entry, "time") ?? "",
    fields: isJsonObject(fields) ? parseFieldsV1(fields) : new FieldSet(),
  };
}

/** Reads the FieldsV1 trie: a key is a path step, `.` marks the parent itself, and an empty object is a member. */
export function parseFieldsV1(fields: JsonObject): FieldSet {
  return new FieldSet({ member: false, children: parseChildren(fields) });
}

function parseChildren(fields: JsonObject): Map<string, FieldNode> | undefined {
  const children = new Map<string, FieldNode>();
  for (const [key, value] of Object.entries(fields)) {
    const element = key === "." ? undefined : parsePathElement(key);
    if (element === undefined) continue;
    const below = isJsonObject(value) ? value : {};
    const nested = parseChildren(below);
    children.set(element, { member: nested === undefined || below["."] !== undefined, children: nested });
  }
  return children.size === 0 ? undefined : children;
}

/** Prints a set as FieldsV1, steps sorted, so that equal sets give equal JSON. */
export function formatFieldsV1(fields: FieldSet): JsonObject {
  return formatNode({ ...fields.root, member: false }) ?? {};
}

/** JSON in keys and values is as Go writes it, with escapes for what matters in HTML. */
function goSpelling(element: PathElement): string {
  if (element.startsWith("f:") || !/[<>&\u2028\u2029]/.test(element)) return element;
  return element.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Undefined for a branch without members. */
function formatNode({ member, children }: FieldNode): JsonObject | undefined {
  const printed: Record<string, JsonObject> = member ? { ".": {} } : {};
  let isLeaf = true;
  for (const element of [...(children?.keys() ?? [])].toSorted()) {
    const child = children?.get(element);
    const below = child && formatNode(child);
    if (below === undefined) continue;
    printed[goSpelling(element)] = below;
    isLeaf = false;
  }
  if (!isLeaf) return printed;
  return member ? {} : undefined;
}
