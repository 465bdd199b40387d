import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import type { JsonObject } from "#core/object/index.ts";
import { isInlined } from "../contract/codec/index.ts";
import type { Opaque } from "../contract/shape.ts";

const opaque: Readonly<Record<keyof Opaque, JsonObject>> = {
  "k8s.io.apimachinery.pkg.apis.meta.v1.Time": { type: "string", format: "date-time" },
  "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime": { type: "string", format: "date-time" },
  "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1": { type: "object" },
  "k8s.io.apimachinery.pkg.runtime.RawExtension": { type: "object" },
  "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON": {},
  "k8s.io.apimachinery.pkg.util.intstr.IntOrString": { anyOf: [{ type: "integer" }, { type: "string" }] },
};

const opaqueByName: ReadonlyMap<string, JsonObject> = new Map(Object.entries(opaque));

/** The schema of a message that is one JSON value; undefined for those that are objects with their fields. */
export function opaqueSchema(desc: DescMessage): JsonObject | undefined {
  return opaqueByName.get(desc.typeName);
}

/** Collects the schemas that are referred to. */
export interface SchemaCollector {
  readonly refer: (desc: DescMessage) => JsonObject;
  /** By the name of the message. */
  readonly schemas: () => JsonObject;
}

export function createSchemaCollector(): SchemaCollector {
  const schemas: Record<string, JsonObject> = {};
  const refer = (desc: DescMessage): JsonObject => {
    const known = opaqueSchema(desc);
    if (known !== undefined) return known;
    const { typeName } = desc;
    if (schemas[typeName] === undefined) {
      // Messages may hold themselves: the name has to be there before its fields are looked at.
      schemas[typeName] = {};
      schemas[typeName] = { type: "object", properties: propertiesOf(desc, refer) };
    }
    return { $ref: `#/components/schemas/${typeName}` };
  };
  return { refer, schemas: () => schemas };
}

function propertiesOf(desc: DescMessage, refer: SchemaCollector["refer"]): JsonObject {
  const properties: Record<string, JsonObject> = {};
  for (const field of desc.fields) {
    if (isInlined(field) && field.message !== undefined) {
      Object.assign(properties, propertiesOf(field.message, refer));
    } else properties[field.name] = fieldSchema(field, refer);
  }
  return properties;
}

/** The kinds that the messages here have besides texts. Whole numbers are those that JavaScript tells apart. */
const scalars: ReadonlyMap<ScalarType | undefined, JsonObject> = new Map<ScalarType | undefined, JsonObject>([
  [ScalarType.BOOL, { type: "boolean" }],
  [ScalarType.BYTES, { type: "string", format: "byte" }],
  [ScalarType.DOUBLE, { type: "number" }],
  [ScalarType.INT32, { type: "integer", format: "int32", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }],
  [ScalarType.INT64, { type: "integer", format: "int64", minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 }],
]);

/** The schema of what a field holds. */
export function fieldSchema(field: DescField, refer: SchemaCollector["refer"]): JsonObject {
  if (field.fieldKind === "list") return { type: "array", items: singleSchema(field, refer) };
  if (field.fieldKind === "map") return { type: "object", additionalProperties: singleSchema(field, refer) };
  return singleSchema(field, refer);
}

function singleSchema({ message, scalar }: DescField, refer: SchemaCollector["refer"]): JsonObject {
  if (message !== undefined) return refer(message);
  return scalars.get(scalar) ?? { type: "string" };
}
