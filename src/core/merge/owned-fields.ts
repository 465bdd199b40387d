import { FieldSet } from "./field-set.ts";
import type { FieldPath } from "./path.ts";
import { fieldElement, itemElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { deduced } from "./schema.ts";
import { asArray, asObject, childSchema, isEmptyContainer, itemSchema, shapeOf } from "./shape.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** Fields that nobody owns: the API server strips them from managedFields. */
const NEVER_OWNED = ["apiVersion", "kind"].map((name) => fieldElement(name));
const NEVER_OWNED_METADATA = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
].map((name) => fieldElement(name));
const METADATA = fieldElement("metadata");
const STATUS = fieldElement("status");

/**
 * The fields that an apply of this object would own. Status is left out: for kinds with a status subresource the server
 * ignores it, and Mooring never applies it.
 */
export function fieldSetOf(object: KubeObject, schema: FieldSchema = deduced): FieldSet {
  return ownable(mentionedFields(object, schema));
}

/** The same with the fields that an apply mentions and nobody owns, such as the name. */
export function mentionedFields(object: KubeObject, schema: FieldSchema): FieldSet {
  const { status: _status, ...rest } = object as JsonObject;
  return fieldsOf(rest, schema);
}

/** All fields that a configuration mentions, status and what nobody owns included. */
export function fieldsOf(configuration: JsonObject, schema: FieldSchema): FieldSet {
  const set = new FieldSet();
  addValue(set, { path: [], schema }, configuration);
  return set;
}

/** A manager's set without what the server never records and without status, which Mooring never applies. */
export function ownable(set: FieldSet): FieldSet {
  const children = new Map(set.root.children);
  children.delete(STATUS);
  return recordable(new FieldSet({ member: false, children }));
}

/** A manager's set without what the server never records. */
export function recordable(set: FieldSet): FieldSet {
  const children = new Map(set.root.children);
  for (const element of NEVER_OWNED) children.delete(element);
  const metadata = new Map(children.get(METADATA)?.children);
  for (const element of NEVER_OWNED_METADATA) metadata.delete(element);
  children.set(METADATA, { member: false, children: metadata });
  return new FieldSet({ member: false, children });
}

interface Place {
  readonly path: FieldPath;
  readonly schema: FieldSchema;
}

function addValue(set: FieldSet, place: Place, value: JsonValue): void {
  switch (shapeOf(place.schema, value)) {
    case "map":
      return addFields(set, place, asObject(value));
    case "items":
      return addItems(set, place, asArray(value));
    case "leaf":
      if (value !== null || place.schema.type === "scalar" || place.schema.atomic) set.add(place.path);
  }
}

function addFields(set: FieldSet, { path, schema }: Place, map: JsonObject): void {
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    const below = [...path, fieldElement(name)];
    addValue(set, { path: below, schema: childSchema(schema, name) }, value);
    const isEmpty = value === null || (isJsonObject(value) && isEmptyContainer(value));
    if (isEmpty || !schema.declares(name)) set.add(below);
  }
}

function addItems(set: FieldSet, { path, schema }: Place, items: readonly JsonValue[]): void {
  for (const item of items) {
    const element = itemElement(schema, item);
    if (element === undefined) continue;
    const below = [...path, element];
    set.add(below);
    if (isJsonObject(item) || isJsonArray(item))
      addValue(set, { path: below, schema: itemSchema(schema) }, item);
  }
}
