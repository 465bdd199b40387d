import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { formatGoType, type GoScalar, type GoType } from "../types/go-type.ts";
import { canonicalQuantity } from "../types/quantity.ts";
import { canonicalTime, formatGoDuration, parseGoDuration, timeProblem } from "../types/time.ts";
import { cannotUnmarshal, DecodeError, jsonKind, type Place } from "./decode-error.ts";
import { textOf } from "../text-of.ts";

/** Types whose JSON form is no struct, list or map. */
export type LeafType = Exclude<GoType, { readonly kind: "struct" | "list" | "map" }>;

const quantityPattern = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$";
const bounds: Readonly<Record<"int32" | "int64", number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** Reads a value that is not null as Go would, in the form in which it is stored. Throws DecodeError. */
export function decodeLeaf(type: LeafType, value: JsonValue, at: Place): JsonValue {
  switch (type.kind) {
    case "string":
    case "bool":
    case "float64":
    case "int32":
    case "int64":
    case "bytes":
      return decodeScalar(type, value, at);
    case "time":
      return decodeTime(value, at, 0);
    case "microtime":
      return decodeTime(value, at, 6);
    case "duration":
      return decodeDuration(value, at);
    case "quantity":
      return decodeQuantity(value);
    case "intstr":
      return decodeIntOrString(value, at);
    case "raw":
      return decodeRaw(value, at);
    case "json":
    case "props":
      return value;
  }
}

function decodeScalar(type: GoScalar, value: JsonValue, at: Place): JsonValue {
  const expected = {
    string: "string",
    bool: "boolean",
    float64: "number",
    int32: "number",
    int64: "number",
    bytes: "string",
  };
  if (typeof value !== expected[type.kind]) throw cannotUnmarshal(jsonKind(value), at, formatGoType(type));
  if (type.kind === "bytes") return decodeBytes(textOf(value));
  if (type.kind === "int32" || type.kind === "int64") {
    const number = Number(value);
    const bound = bounds[type.kind];
    if (!Number.isInteger(number) || number >= bound || number < -bound) {
      throw cannotUnmarshal(`number ${number}`, at, formatGoType(type));
    }
  }
  return value;
}

/** Line breaks, as YAML block scalars hold them, are allowed and not kept. */
function decodeBytes(text: string): string {
  const clean = text.replaceAll(/[\r\n]/g, "");
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(clean)) return clean;
  const wrong = clean.search(/[^A-Za-z0-9+/]/);
  throw new DecodeError(
    `illegal base64 data at input byte ${wrong < 0 ? Math.floor(clean.length / 4) * 4 : wrong}`,
  );
}

function decodeTime(value: JsonValue, at: Place, digits: 0 | 6): string {
  if (typeof value !== "string") throw cannotUnmarshal(jsonKind(value), at, "string");
  const time = canonicalTime(value, digits);
  if (time === undefined) throw new DecodeError(timeProblem(value, digits));
  return time;
}

function decodeDuration(value: JsonValue, at: Place): string {
  if (typeof value !== "string") throw cannotUnmarshal(jsonKind(value), at, "string");
  const duration = parseGoDuration(value);
  if (duration === undefined) throw new DecodeError(`time: invalid duration ${JSON.stringify(value)}`);
  return formatGoDuration(duration);
}

function decodeQuantity(value: JsonValue): string {
  const isText = typeof value === "string" || typeof value === "number";
  const quantity = isText ? canonicalQuantity(value) : undefined;
  if (quantity !== undefined) return quantity;
  const isSuffix = isText && /^[+-]?[\d.]+[eEinumkKMGTP]+[-+]?\d*$/.test(textOf(value));
  throw new DecodeError(
    isSuffix
      ? "unable to parse quantity's suffix"
      : `quantities must match the regular expression '${quantityPattern}'`,
  );
}

function decodeIntOrString(value: JsonValue, at: Place): JsonValue {
  if (typeof value === "string") return value;
  if (typeof value !== "number") throw cannotUnmarshal(jsonKind(value), at, "int32");
  if (Number.isInteger(value) && Math.abs(value) < bounds.int32) return value;
  throw cannotUnmarshal(`number ${value}`, at, "int32");
}

function decodeRaw(value: JsonValue, at: Place): JsonValue {
  if (isJsonObject(value)) return value;
  throw cannotUnmarshal(jsonKind(value), at, "map[string]interface {}");
}
