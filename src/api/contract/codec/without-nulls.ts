import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { isInlined } from "./inlined.ts";
import { opaqueCodec } from "./opaque.ts";

/**
 * A request in which fields that are null are left out: in the JSON of messages null says that nothing is given
 * (https://protobuf.dev/programming-guides/json/). A null inside of what is one JSON value to the API stays, as does what the message has
 * no field for. What has another type than its field comes back as it is.
 */
export function withoutNulls(desc: DescMessage, request: JsonObject): JsonObject {
  const fields = new Map(desc.fields.map((field) => [field.name, field]));
  for (const field of desc.fields) {
    if (isInlined(field)) for (const inner of field.message?.fields ?? []) fields.set(inner.name, inner);
  }
  const kept: Record<string, JsonValue | undefined> = {};
  for (const [name, value] of Object.entries(request)) {
    const field = fields.get(name);
    if (field === undefined) kept[name] = value;
    else if (value !== null && value !== undefined) kept[name] = cleared(field, value);
  }
  return kept;
}

function cleared(field: DescField, value: JsonValue): JsonValue {
  const { message, fieldKind } = field;
  if (message === undefined || opaqueCodec(message.typeName) !== undefined) return value;
  const single = (one: JsonValue): JsonValue => (isJsonObject(one) ? withoutNulls(message, one) : one);
  if (fieldKind === "list") return Array.isArray(value) ? value.map((one: JsonValue) => single(one)) : value;
  if (fieldKind !== "map") return single(value);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, single(one ?? null)]));
}
