import { Buffer } from "node:buffer";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { isInlined } from "./inlined.ts";
import { opaqueCodec } from "./opaque.ts";
import { isZeroOfGo } from "./zero-of-go.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The JSON form of a message, as `ShapeOf` says. A field that is not set is left out, and so is one that Go would leave out. */
export function readMessage(desc: DescMessage, message: Message): JsonObject {
  const fields = message as unknown as Fields;
  const read: Record<string, JsonValue> = {};
  for (const field of desc.fields) {
    const value = readField(field, fields);
    if (isInlined(field)) {
      if (isJsonObject(value)) Object.assign(read, value);
      continue;
    }
    if (value !== undefined && !isZeroOfGo(field, value)) read[field.name] = value;
  }
  return read;
}

function readField(field: DescField, fields: Fields): JsonValue | undefined {
  const { oneof, localName } = field;
  if (oneof !== undefined) {
    const chosen = fields[oneof.localName] as { readonly case?: string; readonly value?: unknown };
    return chosen.case === localName ? readSingle(field, chosen.value) : undefined;
  }
  const value = fields[localName];
  if (value === undefined) return undefined;
  if (field.fieldKind === "list") {
    const items = value as readonly unknown[];
    return items.length === 0 ? undefined : items.map((item) => readSingle(field, item) ?? null);
  }
  if (field.fieldKind === "map") {
    const entries = Object.entries(value as Fields);
    if (entries.length === 0) return undefined;
    return Object.fromEntries(entries.map(([key, item]) => [key, readSingle(field, item) ?? null]));
  }
  return Object.hasOwn(fields, localName) ? readSingle(field, value) : undefined;
}

function readSingle(field: DescField, value: unknown): JsonValue | undefined {
  if (field.message !== undefined) {
    const opaque = opaqueCodec(field.message.typeName);
    if (opaque !== undefined) return opaque.read(value as Fields);
    return readMessage(field.message, value as Message);
  }
  if (field.scalar === ScalarType.BYTES) return Buffer.from(value as Uint8Array).toString("base64");
  return typeof value === "bigint" ? Number(value) : (value as JsonValue);
}
