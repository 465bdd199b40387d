import type { FieldSchema } from "#core/merge/index.ts";
import { deduced } from "#core/merge/index.ts";

/** A field that holds what a built-in type holds: `core/v1/PodSpec`, `core/Quantity`, `meta/v1/Duration`. */
interface KnownTypeField {
  /** Names from the object's top, with dots between. */
  readonly field: string;
  readonly type: string;
}

function scalar(format: string): FieldSchema {
  return {
    type: "scalar",
    atomic: false,
    format,
    fieldNames: [],
    declares: () => false,
    field: () => undefined,
    items: undefined,
  };
}

const quantity = scalar("quantity");

/** Types that OpenAPI has no component for. */
const unnamed: Readonly<Record<string, FieldSchema>> = {
  "core/Quantity": quantity,
  "meta/v1/Duration": scalar("duration"),
  "core/v1/ResourceList": { ...quantity, type: "map", format: undefined, field: () => quantity },
};

/** A kind's schema in which these fields are as the built-in types say, found in the schemas of built-in kinds. */
export function withKnownTypes(
  schema: FieldSchema,
  fields: readonly KnownTypeField[],
  kinds: readonly FieldSchema[],
): FieldSchema {
  return fields.reduce((current, { field, type }) => {
    const known = schemaOfType(type, kinds);
    return known === undefined ? current : replaceAt(current, field.split("."), known);
  }, schema);
}

function schemaOfType(type: string, kinds: readonly FieldSchema[]): FieldSchema | undefined {
  return unnamed[type] ?? findNamed(`io.k8s.api.${type.replaceAll("/", ".")}`, kinds);
}

/** Schemas refer to themselves: each is looked at once. */
function findNamed(name: string, kinds: readonly FieldSchema[]): FieldSchema | undefined {
  const seen = new Set<string>();
  const pending = [...kinds];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.name === name) return node;
    if (node.name !== undefined && seen.has(node.name)) continue;
    if (node.name !== undefined) seen.add(node.name);
    const { items } = node;
    const below = node.fieldNames.map((field) => node.field(field));
    pending.push(...[...below, items].filter((child) => child !== undefined));
  }
  return undefined;
}

function replaceAt(schema: FieldSchema, path: readonly string[], known: FieldSchema): FieldSchema {
  const [name, ...rest] = path;
  if (name === undefined) return known;
  const replaced = replaceAt(schema.field(name) ?? deduced, rest, known);
  return {
    type: schema.type === "untyped" ? "map" : schema.type,
    atomic: schema.atomic,
    listType: schema.listType,
    listKeys: schema.listKeys,
    format: schema.format,
    default: schema.default,
    patch: schema.patch,
    name: undefined,
    omitsEmpty: schema.omitsEmpty,
    scalar: schema.scalar,
    fieldNames: schema.fieldNames,
    items: schema.items,
    declares: (field) => field === name || schema.declares(field),
    field: (field) => (field === name ? replaced : schema.field(field)),
  };
}
