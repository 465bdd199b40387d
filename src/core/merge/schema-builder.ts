import { SchemaNode, SchemaReference } from "./schema-node.ts";
import type { SchemaShape, SchemaSource } from "./schema-node.ts";
import type { FieldSchema, ScalarType } from "./schema.ts";
import { deduced, untypedAtomic } from "./schema.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";

interface DocumentContext {
  readonly component: string;
  readonly resolve: (component: string) => SchemaNode | undefined;
  /** Scalars are many and few differ: one node for each kind of scalar. */
  readonly scalars: Map<string, SchemaNode>;
}

interface BuildContext extends DocumentContext {
  readonly omitsEmpty: boolean;
  /** Unknown fields are kept; inherited by inline schemas, not through references. */
  readonly preserveUnknown: boolean;
}

const COMPONENT_PREFIX = "#/components/schemas/";
const API_MACHINERY = "io.k8s.apimachinery.pkg.";

/** Components whose meaning is in the server's Go type and not in their schema. */
const SPECIAL: Readonly<Record<string, SchemaSource>> = {
  [`${API_MACHINERY}api.resource.Quantity`]: new SchemaNode({
    type: "scalar",
    format: "quantity",
    omitsEmpty: true,
  }),
  [`${API_MACHINERY}util.intstr.IntOrString`]: new SchemaNode({ type: "scalar", format: "int-or-string" }),
  [`${API_MACHINERY}apis.meta.v1.Duration`]: new SchemaNode({ type: "scalar", format: "duration" }),
  [`${API_MACHINERY}runtime.RawExtension`]: new SchemaNode({ type: "untyped", atomic: true }),
};

/** Builds the node of one component; references to other components are followed when they are first asked for. */
export function buildComponent(schema: JsonObject, context: DocumentContext): SchemaNode {
  const special = SPECIAL[context.component];
  if (special instanceof SchemaNode) return special;
  const omitsEmpty = isBuiltIn(context.component);
  const node = buildInline(schema, { ...context, omitsEmpty, preserveUnknown: false });
  return node.type === "scalar" ? node : node.with({ name: context.component });
}

/** Components generated from Kubernetes' own Go types; those of custom resources are named after their group. */
function isBuiltIn(component: string): boolean {
  return /^io\.k8s\.(?:api|apimachinery|apiextensions-apiserver|kube-aggregator)\./.test(component);
}

function build(schema: JsonValue, context: BuildContext): SchemaSource {
  if (!isJsonObject(schema)) return deduced;
  const ref = viewString(schema, "$ref") ?? viewString(viewArray(schema, "allOf")[0], "$ref");
  if (ref?.startsWith(COMPONENT_PREFIX) !== true) return buildInline(schema, context);
  const mapType = schema["x-kubernetes-map-type"];
  const overrides: Partial<SchemaShape> = {
    ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
    ...(mapType === undefined ? {} : { atomic: mapType === "atomic" }),
    ...patchShape(schema),
  };
  return new SchemaReference(ref.slice(COMPONENT_PREFIX.length), overrides, context.resolve);
}

function buildInline(schema: JsonObject, parent: BuildContext): SchemaNode {
  const preserveUnknown = parent.preserveUnknown || schema["x-kubernetes-preserve-unknown-fields"] === true;
  const context = { ...parent, preserveUnknown };
  const type = typeOf(schema);
  if (type === "scalar") return scalar(schema, context);
  return new SchemaNode({
    type,
    ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
    ...(context.omitsEmpty ? { omitsEmpty: true } : {}),
    ...patchShape(schema),
    ...(type === "list" ? {} : mapShape(schema, context)),
    ...(type === "map" ? {} : listShape(schema, context)),
  });
}

const TYPES: Readonly<Record<string, FieldSchema["type"]>> = {
  object: "map",
  array: "list",
  string: "scalar",
  integer: "scalar",
  number: "scalar",
  boolean: "scalar",
};

function typeOf(schema: JsonObject): FieldSchema["type"] {
  if (schema["x-kubernetes-int-or-string"] === true) return "scalar";
  return TYPES[viewString(schema, "type") ?? ""] ?? "untyped";
}

function scalar(schema: JsonObject, context: BuildContext): SchemaNode {
  const format =
    schema["x-kubernetes-int-or-string"] === true ? "int-or-string" : viewString(schema, "format");
  const scalarType = scalarTypeOf(schema);
  const id = JSON.stringify([format, schema["default"], context.omitsEmpty, scalarType]);
  let node = context.scalars.get(id);
  if (node === undefined) {
    node = new SchemaNode({
      type: "scalar",
      ...(format === undefined ? {} : { format }),
      ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
      ...(context.omitsEmpty ? { omitsEmpty: true } : {}),
      ...(scalarType === undefined ? {} : { scalar: scalarType }),
    });
    context.scalars.set(id, node);
  }
  return node;
}

const SCALAR_TYPES: Readonly<Record<string, ScalarType>> = {
  string: "string",
  integer: "numeric",
  number: "numeric",
  boolean: "boolean",
};

function scalarTypeOf(schema: JsonObject): ScalarType | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return undefined;
  return SCALAR_TYPES[viewString(schema, "type") ?? ""];
}

function mapShape(schema: JsonObject, context: BuildContext): Partial<SchemaShape> {
  const properties = schema["properties"];
  const fields = new Map<string, SchemaSource>();
  for (const [name, member] of Object.entries(isJsonObject(properties) ? properties : {})) {
    if (member !== undefined) fields.set(name, build(member, context));
  }
  const values = valuesOf(schema, context, fields.size > 0);
  const required = context.omitsEmpty ? viewArray(schema, "required") : [];
  return {
    atomic: schema["x-kubernetes-map-type"] === "atomic",
    ...(fields.size === 0 ? {} : { fields }),
    ...(values === undefined ? {} : { values }),
    ...(required.length === 0 ? {} : { required: new Set(required.map(String)) }),
  };
}

/** An object that names no fields is free-form; one that does has no others, unless it says so. */
function valuesOf(schema: JsonObject, context: BuildContext, hasFields: boolean): SchemaSource | undefined {
  const additional = schema["additionalProperties"];
  if (isJsonObject(additional))
    return Object.keys(additional).length === 0 ? deduced : build(additional, context);
  if (additional === true) return deduced;
  if (additional === false) return undefined;
  return context.preserveUnknown || !hasFields ? deduced : undefined;
}

function listShape(schema: JsonObject, context: BuildContext): Partial<SchemaShape> {
  const items = schema["items"];
  return { ...listKind(schema), items: items === undefined ? untypedAtomic : build(items, context) };
}

/** The list type, or, in schemas older than it, what the strategic merge patch extensions say. */
function listKind(schema: JsonObject): Partial<SchemaShape> {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === "set") return { listType };
  if (listType === "map") {
    const listKeys = viewArray(schema, "x-kubernetes-list-map-keys").filter((key) => typeof key === "string");
    return { listType, listKeys };
  }
  const strategy = viewString(schema, "x-kubernetes-patch-strategy");
  const isMerged = strategy === "merge" || strategy === "merge,retainKeys";
  if (listType !== undefined || !isMerged) return { listType: "atomic" };
  const key = viewString(schema, "x-kubernetes-patch-merge-key");
  return key === undefined ? { listType: "set" } : { listType: "map", listKeys: [key] };
}

function patchShape(schema: JsonObject): Partial<SchemaShape> {
  const strategies = viewString(schema, "x-kubernetes-patch-strategy")?.split(",");
  if (strategies === undefined) return {};
  const mergeKey = viewString(schema, "x-kubernetes-patch-merge-key");
  return {
    patch: {
      merge: strategies.includes("merge"),
      retainKeys: strategies.includes("retainKeys"),
      ...(mergeKey === undefined ? {} : { mergeKey }),
    },
  };
}
