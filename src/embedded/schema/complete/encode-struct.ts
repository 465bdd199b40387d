import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual, keepFields, keepItems } from "#core/object/index.ts";
import { zeroOf } from "../decode/decode-struct.ts";
import type { GoField, GoType } from "../types/go-type.ts";
import type { GoTypes } from "../types/go-types.ts";

const propsComponent = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

/**
 * Writes an object as Go prints the struct that was read from it: zero values go where the field leaves them out, structs and
 * zeros come where it does not, and fields are in Go's order. What is printed as it is stays the same object.
 */
export function encodeStruct(types: GoTypes, component: string, value: JsonObject): JsonObject {
  return encodeFields({ types, keepsEmpty: false }, component, value);
}

/** The same before it is stored: fields that are always printed keep lists and maps in which there is nothing. */
export function encodeUnstored(types: GoTypes, component: string, value: JsonObject): JsonObject {
  return encodeFields({ types, keepsEmpty: true }, component, value);
}

interface Encoding {
  readonly types: GoTypes;
  readonly keepsEmpty: boolean;
}

function encodeFields(encoding: Encoding, component: string, value: JsonObject): JsonObject {
  // What is printed as it is holds no empty collection that the other way of printing would keep.
  if (encoding.types.seen.encoded.has(component, value)) return value;
  const encoded: Record<string, JsonValue> = {};
  for (const [name, field] of encoding.types.struct(component)) {
    const found = encodeField(encoding, field, value[name]);
    if (found !== undefined) encoded[name] = found;
  }
  return keepFields(value, encoded);
}

function encodeField(
  encoding: Encoding,
  field: GoField,
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (value === undefined || value === null) return encodeAbsent(encoding, field);
  const encoded = encodeValue(encoding, field.type, value);
  if (field.isPointer) return encoded;
  if (field.omits === "never")
    return !encoding.keepsEmpty && isEmptyCollection(field.type, encoded) ? null : encoded;
  return isLeftOut(encoding, field, encoded) ? undefined : encoded;
}

function encodeAbsent(encoding: Encoding, field: GoField): JsonValue | undefined {
  const { type, omits } = field;
  if (field.isPointer) return omits === "never" ? null : undefined;
  if (omits === "zero") return undefined;
  if (type.kind === "struct") return encodeFields(encoding, type.component, {});
  return omits === "never" || isGoStruct(type) ? zeroOf(type) : undefined;
}

/** Types that are structs in Go, which `omitempty` never leaves out. */
function isGoStruct(type: GoType): boolean {
  return (
    ["struct", "time", "microtime", "duration", "quantity", "intstr", "raw"].includes(type.kind) &&
    type.kind !== "duration"
  );
}

function isLeftOut(encoding: Encoding, field: GoField, encoded: JsonValue): boolean {
  const { type, omits } = field;
  if (type.kind === "struct") {
    return omits === "zero" && jsonEqual(encoded, encodeFields(encoding, type.component, {}));
  }
  if (isGoStruct(type)) return omits === "zero" && encoded === zeroOf(type);
  return encoded === "" || encoded === 0 || encoded === false || isEmptyCollection(type, encoded);
}

/** Stored as protobuf, an empty list or map is read back as none. */
function isEmptyCollection(type: GoType, value: JsonValue): boolean {
  if (type.kind === "list") return isJsonArray(value) && value.length === 0;
  return type.kind === "map" && isJsonObject(value) && Object.keys(value).length === 0;
}

function encodeValue(encoding: Encoding, type: GoType, value: JsonValue): JsonValue {
  switch (type.kind) {
    case "struct":
      return isJsonObject(value) ? encodeFields(encoding, type.component, value) : value;
    case "list":
      return isJsonArray(value) ? encodeItems(encoding, type.of, value) : value;
    case "map":
      return isJsonObject(value) ? encodeMap(encoding, type.of, value) : value;
    case "props":
      return encodeProps(encoding, value);
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
      return value;
  }
}

function encodeItems(encoding: Encoding, of: GoType, items: JsonArray): JsonArray {
  return keepItems(
    items,
    items.map((item) => encodeValue(encoding, of, item)),
  );
}

function encodeMap(encoding: Encoding, of: GoType, map: JsonObject): JsonObject {
  if (of.kind === "string" || of.kind === "bytes" || of.kind === "quantity") return map;
  const encoded: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) encoded[key] = encodeValue(encoding, of, value);
  }
  return keepFields(map, encoded);
}

function encodeProps(encoding: Encoding, value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => encodeProps(encoding, item));
  return isJsonObject(value) ? encodeFields(encoding, propsComponent, value) : value;
}
