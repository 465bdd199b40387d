import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const listMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

const text = (description: string): JsonObject => ({ type: "string", description });
const apiVersion = text(
  "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
);
const kind = text(
  "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
);
const embedded = {
  apiVersion: text(
    "apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  ),
  kind: text(
    "kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
  ),
};

/** Where a document keeps its components. */
export type ComponentPrefix = "#/components/schemas/" | "#/definitions/";

/** OpenAPI components of a custom kind and of its list, by name, as the API server publishes them. */
export function customComponents(
  definition: KubeObject,
  version: JsonObject,
  prefix: ComponentPrefix,
): Readonly<Record<string, JsonObject>> {
  const spec = viewObject(definition, "spec");
  const group = viewString(spec, "group") ?? "";
  const name = viewString(version, "name") ?? "";
  const names = viewObject(spec, "names");
  const gvk = (of: string): JsonObject => ({ group, version: name, kind: of });
  const ownKind = viewString(names, "kind") ?? "";
  const listKind = viewString(names, "listKind") ?? `${ownKind}List`;
  const component = componentName(group, name, ownKind);
  const list: JsonObject = {
    type: "object",
    description: `${listKind} is a list of ${ownKind}`,
    required: ["items"],
    properties: {
      apiVersion,
      kind,
      items: {
        type: "array",
        description: `List of ${viewString(names, "plural") ?? ""}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        items: { $ref: prefix + component },
      },
      metadata: refTo(
        prefix,
        listMeta,
        "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
      ),
    },
    "x-kubernetes-group-version-kind": [gvk(listKind)],
  };
  const schema = viewObject(version, "schema")["openAPIV3Schema"];
  const own = { ...nativeSchema(schema, prefix), "x-kubernetes-group-version-kind": [gvk(ownKind)] };
  return { [component]: own, [componentName(group, name, listKind)]: list };
}

/** `com.example.stable.v1.CronTab`: the group's parts in reverse. */
export function componentName(group: string, version: string, kindName: string): string {
  return `${group.split(".").toReversed().join(".")}.${version}.${kindName}`;
}

/** Without a schema nothing is said of the fields: clients would take what is not named for unknown. */
function nativeSchema(schema: JsonValue | undefined, prefix: ComponentPrefix): JsonObject {
  const isV2 = prefix === "#/definitions/";
  if (!isJsonObject(schema) || (isV2 && schema["x-kubernetes-preserve-unknown-fields"] === true))
    return { type: "object" };
  const published = publish(schema, prefix);
  return {
    ...published,
    properties: { ...viewObject(published, "properties"), apiVersion, kind, metadata: metadataOf(prefix) },
  };
}

/** The schema as it is, with the fields of embedded objects; in OpenAPI v2 without what that has no words for. */
function publish(schema: JsonObject, prefix: ComponentPrefix): JsonObject {
  const { properties, items, additionalProperties, ...rest } =
    prefix === "#/definitions/" ? withoutV3(schema) : schema;
  const published = {
    ...rest,
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, child]) => [name, publishAny(child, prefix)]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: publishAny(items, prefix) }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: publishAny(additionalProperties, prefix) }),
  };
  return schema["x-kubernetes-embedded-resource"] === true ? withObjectFields(published, prefix) : published;
}

function publishAny(schema: JsonValue | undefined, prefix: ComponentPrefix): JsonValue | undefined {
  return isJsonObject(schema) ? publish(schema, prefix) : schema;
}

function withObjectFields(schema: JsonObject, prefix: ComponentPrefix): JsonObject {
  if (prefix === "#/definitions/" && schema["x-kubernetes-preserve-unknown-fields"] === true) return schema;
  const required = new Set([...viewArray(schema, "required"), "kind", "apiVersion"]);
  const properties = { ...viewObject(schema, "properties"), ...embedded, metadata: metadataOf(prefix) };
  return { ...schema, properties, required: [...required] };
}

const onlyV3: ReadonlySet<string> = new Set([
  "anyOf",
  "oneOf",
  "allOf",
  "not",
  "nullable",
  "x-kubernetes-validations",
]);

function withoutV3(schema: JsonObject): JsonObject {
  const isUntyped = schema["nullable"] === true || schema["x-kubernetes-int-or-string"] === true;
  return Object.fromEntries(
    Object.entries(schema).filter(([name]) => !onlyV3.has(name) && !(isUntyped && name === "type")),
  );
}

function metadataOf(prefix: ComponentPrefix): JsonObject {
  return refTo(
    prefix,
    objectMeta,
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  );
}

/** OpenAPI v3 allows nothing beside a reference. */
function refTo(prefix: ComponentPrefix, component: string, description: string): JsonObject {
  const reference = { $ref: prefix + component };
  return prefix === "#/definitions/" ? { ...reference, description } : { allOf: [reference], description };
}
