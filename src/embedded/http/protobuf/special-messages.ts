import type { JsonValue } from "#core/object/index.ts";
import { parseJson } from "../body/parse-json.ts";
import { readFields } from "./read-wire.ts";

/** What a message is in JSON that is more than its fields; undefined for a value that JSON leaves out. */
export type ReadSpecial = (bytes: Uint8Array, maxDepth: number) => JsonValue | undefined;

const machinery = "k8s.io.apimachinery.pkg";
const extensions = "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions";

export const specialMessages: Readonly<Record<string, ReadSpecial>> = {
  [`${machinery}.apis.meta.v1.Time`]: (bytes) => readTime(bytes, (iso) => iso.replace(/\.\d{3}Z$/, "Z")),
  [`${machinery}.apis.meta.v1.MicroTime`]: (bytes) =>
    readTime(bytes, (iso, micros) => iso.replace(/\d{3}Z$/, micros)),
  [`${machinery}.apis.meta.v1.Duration`]: (bytes) => `${Number(numberAt(bytes, 1)) / 1e9}s`,
  [`${machinery}.apis.meta.v1.FieldsV1`]: readRaw,
  [`${machinery}.api.resource.Quantity`]: (bytes) => textAt(bytes, 1) ?? "0",
  [`${machinery}.util.intstr.IntOrString`]: (bytes) =>
    numberAt(bytes, 1) === 0n ? Number(numberAt(bytes, 2)) : (textAt(bytes, 3) ?? ""),
  [`${machinery}.runtime.RawExtension`]: readRaw,
  [`${extensions}.v1.JSON`]: readRaw,
  [`${extensions}.v1beta1.JSON`]: readRaw,
};

function readRaw(bytes: Uint8Array, maxDepth: number): JsonValue | undefined {
  const text = textAt(bytes, 1);
  return text === undefined || text === "" ? undefined : parseJson(text, maxDepth).value;
}

function readTime(bytes: Uint8Array, format: (iso: string, micros: string) => string): string | undefined {
  const seconds = numberAt(bytes, 1);
  const nanos = Number(numberAt(bytes, 2));
  const date = new Date(Number(seconds) * 1000 + Math.floor(nanos / 1e6));
  if (bytes.length === 0 || Number.isNaN(date.getTime())) return undefined;
  const micros = `${Math.floor(nanos / 1000) % 1000}`.padStart(3, "0");
  return format(date.toISOString(), `${date.toISOString().slice(-4, -1)}${micros}Z`);
}

function numberAt(bytes: Uint8Array, number: number): bigint {
  for (const field of readFields(bytes)) {
    if (field.number === number && field.kind === "varint") return BigInt.asIntN(64, field.value);
  }
  return 0n;
}

function textAt(bytes: Uint8Array, number: number): string | undefined {
  for (const field of readFields(bytes)) {
    if (field.number === number && field.kind === "bytes") return Buffer.from(field.value).toString("utf8");
  }
  return undefined;
}
