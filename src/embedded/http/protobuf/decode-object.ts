import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { JsonProblem } from "../body/parse-json.ts";
import { type MessageField, type MessageType, openMessageTypes } from "./messages.ts";
import { ProtobufProblem, readFields, readPacked, type WireField } from "./read-wire.ts";
import { specialMessages } from "./special-messages.ts";

const magic = Buffer.from("k8s\0");

/**
 * An object that a client has sent in protobuf, which typed clients of Go do unless they are told otherwise, as the JSON that they
 * would have sent instead. Throws JsonProblem. https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
export function decodeObject(body: Uint8Array, maxDepth: number): JsonObject {
  try {
    return decodeEnvelope(body, maxDepth);
  } catch (error) {
    if (error instanceof ProtobufProblem) throw new JsonProblem(error.message, { cause: error });
    throw error;
  }
}

function decodeEnvelope(body: Uint8Array, maxDepth: number): JsonObject {
  if (!magic.equals(body.subarray(0, magic.length))) {
    throw new ProtobufProblem(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  const envelope = bytesByNumber(body.subarray(magic.length));
  const typeMeta = bytesByNumber(envelope.get(1) ?? new Uint8Array());
  const textOf = (number: number): string => Buffer.from(typeMeta.get(number) ?? []).toString("utf8");
  const [apiVersion, kind] = [textOf(1), textOf(2)];
  const name = openMessageTypes().nameOf(apiVersion, kind);
  if (name === undefined)
    throw new ProtobufProblem(`no kind ${JSON.stringify(kind)} is registered for ${apiVersion}`);
  const value = decodeMessage(envelope.get(2) ?? new Uint8Array(), name, maxDepth);
  if (typeof value !== "object" || value === null) throw new ProtobufProblem(`${kind} is no object`);
  return { kind, apiVersion, ...(value as JsonObject) };
}

function bytesByNumber(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (const field of readFields(bytes)) if (field.kind === "bytes") found.set(field.number, field.value);
  return found;
}

function decodeMessage(bytes: Uint8Array, name: string, depth: number): JsonValue | undefined {
  if (depth <= 0) throw new ProtobufProblem("exceeded max depth");
  const special = specialMessages[name];
  if (special !== undefined) return special(bytes, depth);
  const type = openMessageTypes().find(name);
  if (type === undefined) throw new ProtobufProblem(`unknown message ${name}`);
  const fields = decodeFields(bytes, type, depth);
  const [only] = type.values();
  return only?.bare === true ? (fields[only.name] ?? []) : fields;
}

type Fields = Record<string, JsonValue>;

function decodeFields(bytes: Uint8Array, type: MessageType, depth: number): Fields {
  const fields: Fields = {};
  for (const wire of readFields(bytes)) {
    const field = type.get(wire.number);
    if (field !== undefined) addField(fields, { field, wire, depth: depth - 1 });
  }
  return fields;
}

interface Reading {
  readonly field: MessageField;
  readonly wire: WireField;
  readonly depth: number;
}

function addField(fields: Fields, { field, wire, depth }: Reading): void {
  if (field.label === "map") return addEntry(fields, { field, wire, depth });
  if (field.label === "list") return addItems(fields, { field, wire, depth });
  const value = decodeValue(wire, field.type, depth);
  if (field.inline === true) Object.assign(fields, value);
  else if (value !== undefined && (field.keepsZero === true || !isZero(value))) fields[field.name] = value;
}

function isZero(value: JsonValue): boolean {
  return value === "" || value === 0 || value === false;
}

function addItems(fields: Fields, { field, wire, depth }: Reading): void {
  const isPacked = wire.kind === "bytes" && /^(int|uint|bool)/.test(field.type);
  const values = isPacked
    ? readPacked(wire.value).map((value) => varintValue(value, field.type))
    : [decodeValue(wire, field.type, depth) ?? null];
  const known = fields[field.name];
  fields[field.name] = [...(Array.isArray(known) ? (known as readonly JsonValue[]) : []), ...values];
}

function addEntry(fields: Fields, { field, wire, depth }: Reading): void {
  if (wire.kind !== "bytes") throw new ProtobufProblem(`wrong wireType for ${field.name}`);
  const [keyType = "", valueType = ""] = field.type.split(",");
  let [key, value]: [JsonValue | undefined, JsonValue | undefined] = ["", emptyOf(valueType)];
  for (const part of readFields(wire.value)) {
    if (part.number === 1) key = decodeValue(part, keyType, depth);
    if (part.number === 2) value = decodeValue(part, valueType, depth);
  }
  if (key === "__proto__") throw new ProtobufProblem('the field name "__proto__" is not supported');
  const known = (fields[field.name] ?? {}) as Fields;
  known[`${key as string}`] = value ?? null;
  fields[field.name] = known;
}

function emptyOf(type: string): JsonValue {
  if (type === "string" || type === "bytes") return "";
  if (type === "bool") return false;
  return /^u?int/.test(type) ? 0 : {};
}

function decodeValue(wire: WireField, type: string, depth: number): JsonValue | undefined {
  switch (wire.kind) {
    case "varint":
      return varintValue(wire.value, type);
    case "fixed":
      return wire.value.byteLength === 8 ? wire.value.getFloat64(0, true) : wire.value.getFloat32(0, true);
    case "bytes":
      if (type === "string") return Buffer.from(wire.value).toString("utf8");
      if (type === "bytes") return Buffer.from(wire.value).toString("base64");
      return decodeMessage(wire.value, type, depth);
    default:
      throw new Error(`unknown wire type: ${JSON.stringify(wire satisfies never)}`);
  }
}

function varintValue(value: bigint, type: string): JsonValue {
  if (type === "bool") return value !== 0n;
  const number = Number(type.startsWith("u") ? value : BigInt.asIntN(64, value));
  if (Number.isSafeInteger(number)) return number;
  throw new ProtobufProblem(`the number ${value} cannot be kept without loss`);
}
