import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, keepFields, keepItems } from "#core/object/index.ts";
import { formatGoType, type GoType } from "../types/go-type.ts";
import type { GoTypes } from "../types/go-types.ts";
import { cannotUnmarshal, fieldPlace, jsonKind, type Place } from "./decode-error.ts";
import { decodeLeaf } from "./scalars.ts";

const propsComponent = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

/** What is being read, and where unknown fields are told. */
export interface DecodeContext {
  readonly types: GoTypes;
  readonly unknown: string[];
}

/**
 * Reads a JSON object as Go reads it into a struct: nulls count as absent, fields that the struct does not have are told and left
 * out; what is read as it is stays the same object. Throws DecodeError where a value has another type than its field.
 */
export function decodeStruct(
  context: DecodeContext,
  component: string,
  at: Place & { readonly value: JsonObject },
): JsonObject {
  if (context.types.seen.decoded.has(component, at.value)) return at.value;
  const struct = context.types.struct(component);
  const name = component.slice(component.lastIndexOf(".") + 1);
  const decoded: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(at.value)) {
    if (value === undefined) continue;
    const place = fieldPlace(at, key, name);
    const field = struct.get(key);
    if (field === undefined) context.unknown.push(`unknown field "${place.path}"`);
    else if (value !== null) decoded[key] = decodeValue(context, field.type, { ...place, value });
  }
  return keepFields(at.value, decoded);
}

type Valued = Place & { readonly value: JsonValue };

function decodeValue(context: DecodeContext, type: GoType, at: Valued): JsonValue {
  const { value } = at;
  switch (type.kind) {
    case "struct":
      if (!isJsonObject(value)) throw cannotUnmarshal(jsonKind(value), at, formatGoType(type));
      return decodeStruct(context, type.component, { ...at, value });
    case "list":
      if (!isJsonArray(value)) throw cannotUnmarshal(jsonKind(value), at, formatGoType(type));
      return keepItems(
        value,
        value.map((item, i) =>
          decodeElement(context, type.of, { ...at, path: `${at.path}[${i}]`, value: item }),
        ),
      );
    case "map":
      if (!isJsonObject(value)) throw cannotUnmarshal(jsonKind(value), at, formatGoType(type));
      return decodeMap(context, type.of, { ...at, value });
    case "props":
      return decodeProps(context, at);
    case "string":
    case "bool":
    case "bytes":
    case "int32":
    case "int64":
    case "float64":
    case "time":
    case "microtime":
    case "duration":
    case "quantity":
    case "intstr":
    case "raw":
    case "json":
      return decodeLeaf(type, value, at);
  }
}

function decodeMap(
  context: DecodeContext,
  type: GoType,
  at: Place & { readonly value: JsonObject },
): JsonObject {
  const decoded: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(at.value)) {
    if (item !== undefined)
      decoded[key] = decodeElement(context, type, { ...at, path: `${at.path}.${key}`, value: item });
  }
  return keepFields(at.value, decoded);
}

/** In lists and maps Go reads null as the zero value of the type. */
function decodeElement(context: DecodeContext, type: GoType, at: Valued): JsonValue {
  if (at.value !== null) return decodeValue(context, type, at);
  // Bytes that are none are printed as those that are empty.
  return type.kind === "bytes" ? "" : zeroOf(type);
}

/** A schema, or what may stand in its place: a boolean, or a list of schemas or of names. */
function decodeProps(context: DecodeContext, at: Valued): JsonValue {
  const { value } = at;
  if (isJsonObject(value)) return decodeStruct(context, propsComponent, { ...at, value });
  if (!isJsonArray(value)) return value;
  return value.map((item, i) =>
    isJsonObject(item)
      ? decodeStruct(context, propsComponent, { ...at, path: `${at.path}[${i}]`, value: item })
      : item,
  );
}

/** The value of a Go variable of the type that nothing was assigned to, as JSON. */
export function zeroOf(type: GoType): JsonValue {
  switch (type.kind) {
    case "struct":
      return {};
    case "string":
      return "";
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "float64":
    case "intstr":
      return 0;
    case "quantity":
      return "0";
    case "duration":
      return "0s";
    case "list":
    case "map":
    case "bytes":
    case "time":
    case "microtime":
    case "raw":
    case "json":
    case "props":
      return null;
  }
}
