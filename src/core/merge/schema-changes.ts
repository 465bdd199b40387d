import type { FieldNode } from "./field-set.ts";
import { FieldSet } from "./field-set.ts";
import type { ManagedFieldsEntry } from "./managed-fields.ts";
import type { Managers } from "./managers.ts";
import type { PathElement } from "./path.ts";
import type { FieldSchema } from "./schema.ts";
import { deduced } from "./schema.ts";
import type { WriteContext } from "./write-context.ts";
import { viewOf } from "./write-context.ts";

/**
 * The managers as the schema has it now: who owned something inside a value that has become atomic owns it as a whole, and
 * managers of versions that are no longer known are gone.
 */
export function followSchema(context: WriteContext, managers: Managers): Managers {
  const followed = new Map<string, ManagedFieldsEntry>();
  for (const [id, entry] of managers) {
    const view = viewOf(context, entry.apiVersion);
    if (view === undefined) continue;
    const fields = followSet(entry.fields, view.schema ?? deduced);
    followed.set(id, fields === entry.fields ? entry : { ...entry, fields });
  }
  return followed;
}

/** Sets that are as a schema has them. */
const fitting = new WeakMap<FieldSet, FieldSchema>();

function followSet(fields: FieldSet, schema: FieldSchema): FieldSet {
  if (fitting.get(fields) === schema) return fields;
  const root = followFields(fields.root, schema);
  if (root !== fields.root) return new FieldSet(root);
  fitting.set(fields, schema);
  return fields;
}

function followNode(node: FieldNode, schema: FieldSchema): FieldNode {
  if (node.children === undefined || node.children.size === 0) return node;
  return isWhole(schema) ? { member: true, children: undefined } : followFields(node, schema);
}

function followFields(node: FieldNode, schema: FieldSchema): FieldNode {
  let changed: Map<PathElement, FieldNode> | undefined;
  for (const [element, child] of node.children ?? []) {
    const below = element.startsWith("f:") ? schema.field(element.slice(2)) : schema.items;
    const followed = below === undefined ? child : followNode(child, below);
    if (followed === child) continue;
    changed ??= new Map(node.children);
    changed.set(element, followed);
  }
  return changed === undefined ? node : { member: node.member, children: changed };
}

function isWhole({ type, atomic, listType }: FieldSchema): boolean {
  if (type === "list") return listType !== "map" && listType !== "set";
  return type !== "scalar" && atomic;
}
