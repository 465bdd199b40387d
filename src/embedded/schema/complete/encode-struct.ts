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
  if (types.seen.encoded.has(component, value)) return value;
  const encoded: Record<string, JsonValue> = {};
  for (const [name, field] of types.struct(component)) {
    const found = encodeField(types, field, value[name]);
    if (found !== undefined) encoded[name] = found;
  }
  return keepFields(value, encoded);
}

function encodeField(types: GoTypes, field: GoField, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || value === null) return encodeAbsent(types, field);
  const encoded = encodeValue(types, field.type, value);
  if (field.isPointer) return encoded;
  if (field.omits === "never") return isEmptyCollection(field.type, encoded) ? null : encoded;
  return isLeftOut(types, field, encoded) ? undefined : encoded;
}

function encodeAbsent(types: GoTypes, field: GoField): JsonValue | undefined {
  const { type, omits } = field;
  if (field.isPointer) return omits === "never" ? null : undefined;
  if (omits === "zero") return undefined;
  if (type.kind === "struct") return encodeStruct(types, type.component, {});
  return omits === "never" || isGoStruct(type) ? zeroOf(type) : undefined;
}

/** Types that are structs in Go, which `omitempty` never leaves out. */
function isGoStruct(type: GoType): boolean {
  return (
    ["struct", "time", "microtime", "duration", "quantity", "intstr", "raw"].includes(type.kind) &&
    type.kind !== "duration"
  );
}

function isLeftOut(types: GoTypes, field: GoField, encoded: JsonValue): boolean {
  const { type, omits } = field;
  if (type.kind === "struct") {
    return omits === "zero" && jsonEqual(encoded, encodeStruct(types, type.component, {}));
  }
  if (isGoStruct(type)) return omits === "zero" && encoded === zeroOf(type);
  return encoded === "" || encoded === 0 || encoded === false || isEmptyCollection(type, encoded);
}

/** Stored as protobuf, an empty list or map is read back as none. */
function isEmptyCollection(type: GoType, value: JsonValue): boolean {
  if (type.kind === "list") return isJsonArray(value) && value.length === 0;
  return type.kind === "map" && isJsonObject(value) && Object.keys(value).length === 0;
}

function encodeValue(types: GoTypes, type: GoType, value: JsonValue): JsonValue {
  switch (type.kind) {
    case "struct":
      return isJsonObject(value) ? encodeStruct(types, type.component, value) : value;
    case "list":
      return isJsonArray(value) ? encodeItems(types, type.of, value) : value;
    case "map":
      return isJsonObject(value) ? encodeMap(types, type.of, value) : value;
    case "props":
      return encodeProps(types, value);
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

function encodeItems(types: GoTypes, of: GoType, items: JsonArray): JsonArray {
  return keepItems(
    items,
    items.map((item) => encodeValue(types, of, item)),
  );
}

function encodeMap(types: GoTypes, of: GoType, map: JsonObject): JsonObject {
  if (of.kind === "string" || of.kind === "bytes" || of.kind === "quantity") return map;
  const encoded: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) encoded[key] = encodeValue(types, of, value);
  }
  return keepFields(map, encoded);
}

function encodeProps(types: GoTypes, value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map((item) => encodeProps(types, item));
  return isJsonObject(value) ? encodeStruct(types, propsComponent, value) : value;
}
