import type { JsonObject } from "#core/object/index.ts";
import type { ChoiceSchema, ObjectSchema, Schema, StringSchema } from "./schema.ts";

/**
 * A schema as the structural OpenAPI v3 schema of a CustomResourceDefinition
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
 */
export function formatOpenApi(schema: Schema): JsonObject {
  return { ...formatDescription(schema), ...formatType(schema) };
}

function formatDescription(schema: Schema): JsonObject {
  const words =
    schema.kind === "choice" && schema.enforced !== true ? `One of ${schema.values.join(", ")}` : undefined;
  const description = [schema.description, words].filter((part) => part !== undefined).join(". ");
  return description === "" ? {} : { description };
}

function formatType(schema: Schema): JsonObject {
  switch (schema.kind) {
    case "string":
      return formatString(schema);
    case "choice":
      return formatChoice(schema);
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return { type: "integer", format: "int64" };
    case "intOrString":
      return { anyOf: [{ type: "integer" }, { type: "string" }], "x-kubernetes-int-or-string": true };
    case "any":
      return { ...(schema.shape && { type: schema.shape }), "x-kubernetes-preserve-unknown-fields": true };
    case "array":
      return { type: "array", items: formatOpenApi(schema.items) };
    case "map":
      return { type: "object", additionalProperties: formatOpenApi(schema.values) };
    case "object":
      return formatObject(schema);
    default:
      throw new Error(`unhandled schema: ${JSON.stringify(schema satisfies never)}`);
  }
}

function formatString({ format, minLength, maxLength, pattern }: StringSchema): JsonObject {
  return {
    type: "string",
    ...(format !== undefined && { format }),
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(pattern !== undefined && { pattern }),
  };
}

function formatChoice({ enforced, values }: ChoiceSchema): JsonObject {
  return { type: "string", ...(enforced === true && { enum: values }) };
}

function formatObject({ fields, open }: ObjectSchema): JsonObject {
  const entries = Object.entries(fields);
  const required = entries.filter(([, field]) => field.required === true).map(([name]) => name);
  return {
    type: "object",
    ...(required.length > 0 && { required: required.toSorted() }),
    properties: Object.fromEntries(entries.map(([name, field]) => [name, formatOpenApi(field)])),
    ...(open === true && { "x-kubernetes-preserve-unknown-fields": true }),
  };
}
