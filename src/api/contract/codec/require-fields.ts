import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject } from "#core/object/index.ts";

export function isRequired(field: DescField): boolean {
  return field.presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;
}

/** Throws API_INVALID_ARGUMENT that names the first required field of a request which is not there. Fields of its fields are left to who reads them. */
export function requireFields(desc: DescMessage, request: JsonObject): void {
  for (const field of desc.fields) {
    if (!isRequired(field) || (request[field.name] ?? undefined) !== undefined) continue;
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${desc.name}.${field.name}: is required and missing; give it`,
    );
  }
}
