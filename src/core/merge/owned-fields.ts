import type { FieldNode } from "./field-set.ts";
import { FieldSet, unite } from "./field-set.ts";
import type { PathElement } from "./path.ts";
import { fieldElement, itemElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { deduced } from "./schema.ts";
import { asArray, asObject, childSchema, isEmptyContainer, itemSchema, shapeOf } from "./shape.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

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
  return new FieldSet({ member: false, children: nodeOf(schema, configuration)?.children });
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
  if (metadata.size === 0) children.delete(METADATA);
  else children.set(METADATA, { member: false, children: metadata });
  return new FieldSet({ member: false, children });
}

/** The part of a set that a value makes up; undefined when it has no members. */
function nodeOf(schema: FieldSchema, value: JsonValue): FieldNode | undefined {
  switch (shapeOf(schema, value)) {
    case "map":
      return branchOf(fieldNodes(schema, asObject(value)));
    case "items":
      return branchOf(itemNodes(schema, asArray(value)));
    case "leaf":
      return value !== null || schema.type === "scalar" || schema.atomic
        ? { member: true, children: undefined }
        : undefined;
  }
}

function branchOf(children: Map<PathElement, FieldNode>): FieldNode | undefined {
  return children.size === 0 ? undefined : { member: false, children };
}

function fieldNodes(schema: FieldSchema, map: JsonObject): Map<PathElement, FieldNode> {
  const nodes = new Map<PathElement, FieldNode>();
  for (const name of Object.keys(map)) {
    const value = map[name];
    if (value === undefined) continue;
    const node = nodeOf(childSchema(schema, name), value);
    const isEmpty = value === null || (isJsonObject(value) && isEmptyContainer(value));
    if (isEmpty || !schema.declares(name)) {
      nodes.set(fieldElement(name), { member: true, children: node?.children });
    } else if (node !== undefined) nodes.set(fieldElement(name), node);
  }
  return nodes;
}

function itemNodes(schema: FieldSchema, items: readonly JsonValue[]): Map<PathElement, FieldNode> {
  const nodes = new Map<PathElement, FieldNode>();
  for (const item of items) {
    const element = itemElement(schema, item);
    if (element === undefined) continue;
    const node = { member: true, children: nodeOf(itemSchema(schema), item)?.children };
    const other = nodes.get(element);
    nodes.set(element, other === undefined ? node : unite(other, node));
  }
  return nodes;
}
