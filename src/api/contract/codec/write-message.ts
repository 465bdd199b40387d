import { Buffer } from "node:buffer";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { invalidField } from "./invalid-field.ts";
import { isInlined } from "./inlined.ts";
import { opaqueCodec } from "./opaque.ts";
import { isRequired } from "./require-fields.ts";

type Fields = Record<string, unknown>;

/**
 * The message of a JSON form. Fields that the message does not have are left out; null and missing are the same; a required field
 * that is missing has its zero value, as in Go. Throws API_INVALID_ARGUMENT that names the field (`path.field[3].name`).
 */
export function writeMessage(desc: DescMessage, value: JsonObject, path: string = desc.name): Message {
  const message = create(desc);
  const fields = message as unknown as Fields;
  for (const field of desc.fields) {
    if (isInlined(field)) {
      const has = field.message?.fields.some(({ name }) => (value[name] ?? undefined) !== undefined) === true;
      if (has && field.message !== undefined)
        fields[field.localName] = writeMessage(field.message, value, path);
      continue;
    }
    const given = value[field.name] ?? undefined;
    const written = given === undefined ? zeroOf(field) : writeField(field, given, `${path}.${field.name}`);
    if (written === undefined) continue;
    if (field.oneof === undefined) fields[field.localName] = written;
    else fields[field.oneof.localName] = { case: field.localName, value: written };
  }
  return message;
}

function writeField(field: DescField, given: JsonValue, path: string): unknown {
  if (field.fieldKind === "list") {
    if (!Array.isArray(given)) throw invalidField(path, "a list", given);
    return given.map((item, index) => writeSingle(field, item as JsonValue, `${path}[${index}]`));
  }
  if (field.fieldKind === "map") {
    if (!isJsonObject(given)) throw invalidField(path, "an object", given);
    const entries = Object.entries(given).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, writeSingle(field, item as JsonValue, `${path}.${key}`)]),
    );
  }
  return writeSingle(field, given, path);
}

function writeSingle(field: DescField, given: JsonValue, path: string): unknown {
  if (field.message === undefined) return writeScalar(field.scalar, given, path);
  const opaque = opaqueCodec(field.message.typeName);
  if (opaque !== undefined) return Object.assign(create(field.message), opaque.write(given, path));
  if (!isJsonObject(given)) throw invalidField(path, "an object", given);
  return writeMessage(field.message, given, path);
}

type WriteScalar = (given: JsonValue, path: string) => unknown;

const writeText: WriteScalar = (given, path) => {
  if (typeof given !== "string") throw invalidField(path, "a text", given);
  return given;
};

const scalarWriters: ReadonlyMap<ScalarType | undefined, WriteScalar> = new Map<ScalarType, WriteScalar>([
  [
    ScalarType.BOOL,
    (given, path) => {
      if (typeof given !== "boolean") throw invalidField(path, "true or false", given);
      return given;
    },
  ],
  [
    ScalarType.INT32,
    (given, path) => {
      if (typeof given !== "number" || !Number.isInteger(given) || (given | 0) !== given) {
        throw invalidField(path, "a whole number of 32 bits", given);
      }
      return given;
    },
  ],
  [
    ScalarType.INT64,
    (given, path) => {
      if (typeof given !== "number" || !Number.isSafeInteger(given)) {
        throw invalidField(path, "a whole number", given);
      }
      return BigInt(given);
    },
  ],
  [
    ScalarType.DOUBLE,
    (given, path) => {
      if (typeof given !== "number" || !Number.isFinite(given)) throw invalidField(path, "a number", given);
      return given;
    },
  ],
  [
    ScalarType.BYTES,
    (given, path) => {
      if (typeof given !== "string") throw invalidField(path, "a text in base64", given);
      return new Uint8Array(Buffer.from(given, "base64"));
    },
  ],
]);

function writeScalar(scalar: ScalarType | undefined, given: JsonValue, path: string): unknown {
  return (scalarWriters.get(scalar) ?? writeText)(given, path);
}

/** What a required field holds when nothing is given; undefined for a field that need not be there. */
function zeroOf(field: DescField): unknown {
  if (!isRequired(field)) return undefined;
  if (field.message !== undefined) return writeMessage(field.message, {});
  if (field.scalar === ScalarType.BOOL) return false;
  if (field.scalar === ScalarType.INT64) return 0n;
  if (field.scalar === ScalarType.INT32) return 0;
  return field.scalar === ScalarType.BYTES ? new Uint8Array() : "";
}
