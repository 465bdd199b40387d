import type { FieldSchema } from "./schema.ts";
import { isEmptyContainer } from "./shape.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";

/**
 * What an object is before anything is in it: what a creation is compared with. Built-in kinds have the fields that their
 * Go types always print, so that nobody comes to own `spec` by creating a Deployment.
 */
export function emptyObject(schema: FieldSchema, { apiVersion, kind }: KubeObject): KubeObject {
  const fields = schema.omitsEmpty === true ? emptyFields(schema) : {};
  return { metadata: {}, ...fields, apiVersion, kind };
}

function emptyFields(schema: FieldSchema): JsonObject {
  const fields: Record<string, JsonValue> = {};
  for (const name of schema.fieldNames) {
    const child = schema.field(name);
    if (child === undefined) continue;
    if (isEmbedded(child)) fields[name] = emptyFields(child);
    else if (schema.requires?.(name) === true) fields[name] = child.default ?? null;
  }
  return fields;
}

/** A struct that is no pointer: its schema has an empty object as the default. */
function isEmbedded({ type, default: value }: FieldSchema): boolean {
  return type === "map" && value !== undefined && value !== null && isEmptyContainer(value);
}
