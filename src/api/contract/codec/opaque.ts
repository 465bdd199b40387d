import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { Opaque } from "../shape.ts";
import { invalidField } from "./invalid-field.ts";
import { parseJson } from "./parse-json.ts";

/** The fields of a message that stands for one JSON value; 64-bit integers are bigints. */
type OpaqueFields = Readonly<Record<string, unknown>>;

interface OpaqueCodec {
  /** The JSON value; undefined when the message holds none. */
  readonly read: (fields: OpaqueFields) => JsonValue | undefined;
  /** The fields; throws API_INVALID_ARGUMENT naming `path`. */
  readonly write: (value: JsonValue, path: string) => OpaqueFields;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

function rawJson(field: string, isObject: boolean): OpaqueCodec {
  return {
    read: (fields) => {
      const raw = fields[field] as Uint8Array | undefined;
      return raw === undefined || raw.length === 0 ? undefined : parseRaw(raw);
    },
    write: (value, path) => {
      if (isObject && !isJsonObject(value)) throw invalidField(path, "an object", value);
      return { [field]: encoder.encode(JSON.stringify(value)) };
    },
  };
}

function parseRaw(raw: Uint8Array): JsonValue {
  try {
    return parseJson(utf8.decode(raw));
  } catch (error) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      "a field of the request: must be JSON in UTF-8; correct it",
      {
        cause: error,
      },
    );
  }
}

const nanosPerSecond = 1_000_000_000;
/** How far a Date reaches (ECMA-262, section 21.4.1.1). */
const maxSeconds = 8_640_000_000_000;
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.(\d{1,9})\d*)?(?:[Zz]|[+-]\d\d:\d\d)$/u;

/** RFC 3339 with `digits` digits of fractions: metav1.Time has none, metav1.MicroTime six. */
function time(digits: 0 | 6): OpaqueCodec {
  return {
    read: (fields) => {
      const seconds = Number((fields["seconds"] as bigint | undefined) ?? 0n);
      const nanos = (fields["nanos"] as number | undefined) ?? 0;
      if (seconds === 0 && nanos === 0) return undefined;
      if (Math.abs(seconds) > maxSeconds) throw invalidField("a time", "one that there is", seconds);
      const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
      const fraction = String(Math.trunc(nanos / 1000)).padStart(6, "0");
      return digits === 0 ? `${whole}Z` : `${whole}.${fraction}Z`;
    },
    write: (value, path) => {
      const match = typeof value === "string" ? rfc3339.exec(value) : undefined;
      const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
      if (match === undefined || match === null || Number.isNaN(ms)) {
        throw invalidField(path, "a time such as 2026-01-31T12:00:00Z", value);
      }
      const nanos = Number((match[1] ?? "0").padEnd(9, "0"));
      return { seconds: BigInt(Math.floor(ms / 1000)), nanos: nanos % nanosPerSecond };
    },
  };
}

const isInt32 = (value: number): boolean => Number.isInteger(value) && (value | 0) === value;

const intOrString: OpaqueCodec = {
  read: (fields) =>
    fields["type"] === 1n
      ? ((fields["strVal"] as string | undefined) ?? "")
      : ((fields["intVal"] as number | undefined) ?? 0),
  write: (value, path) => {
    if (typeof value === "string") return { type: 1n, strVal: value };
    if (typeof value === "number" && isInt32(value)) return { type: 0n, intVal: value };
    throw invalidField(path, "a whole number or a text", value);
  },
};

const codecs: Readonly<Record<keyof Opaque, OpaqueCodec>> = {
  "k8s.io.apimachinery.pkg.apis.meta.v1.Time": time(0),
  "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime": time(6),
  "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1": rawJson("Raw", true),
  "k8s.io.apimachinery.pkg.runtime.RawExtension": rawJson("raw", true),
  "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON": rawJson("raw", false),
  "k8s.io.apimachinery.pkg.util.intstr.IntOrString": intOrString,
};

const byName: ReadonlyMap<string, OpaqueCodec> = new Map(Object.entries(codecs));

/** How a message that stands for one JSON value is read and written; undefined for every other message. */
export function opaqueCodec(typeName: string): OpaqueCodec | undefined {
  return byName.get(typeName);
}
