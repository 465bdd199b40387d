/** What an unquoted scalar means. `inexact`: an integer that a JavaScript number, a double, cannot carry. */
export type PlainScalar =
  | { readonly type: "null"; readonly value: null }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "int" | "float"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "inexact"; readonly value: number }
  | { readonly type: "not-a-number"; readonly value: number };

const named: ReadonlyMap<string, PlainScalar> = new Map<string, PlainScalar>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { type: "null", value: null }] as const),
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(
    (word) => [word, { type: "bool", value: true }] as const,
  ),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(
    (word) => [word, { type: "bool", value: false }] as const,
  ),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, { type: "not-a-number", value: Number.NaN }] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, { type: "not-a-number", value: Infinity }] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, { type: "not-a-number", value: -Infinity }] as const),
]);

const numberStart = /^[-+.0-9]/;
const decimal = /^[-+]?(?:0|[1-9]\d*)$/;
const based = /^([-+]?)0(?:[xX]([\da-fA-F]+)|[oO]?([0-7]+)|[bB]([01]+))$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * Resolves an unquoted scalar as kubectl and Argo CD do. Both read YAML with sigs.k8s.io/yaml, which is go-yaml v2: the
 * YAML 1.1 types without base 60. So yes, no, on, off, y and n are booleans; 0644, 0o644, 0x1a4 and 0b11 are integers;
 * underscores in numbers are ignored; what looks like a time stays a string; 08 is the number 8.
 */
export function resolvePlainScalar(text: string): PlainScalar {
  const known = named.get(text);
  if (known !== undefined) return known;
  if (!numberStart.test(text)) return { type: "string", value: text };
  return resolveNumber(text) ?? { type: "string", value: text };
}

function resolveNumber(text: string): PlainScalar | undefined {
  if (text.startsWith(".")) return float.test(text) ? { type: "float", value: Number(text) } : undefined;
  const digits = text.includes("_") ? text.replaceAll("_", "") : text;
  if (decimal.test(digits)) return integer(BigInt(digits.replace("+", "")), Number(digits));
  const parts = based.exec(digits);
  if (parts !== null) {
    const [, sign, hex, octal, binary] = parts;
    const size = BigInt(hex !== undefined ? `0x${hex}` : octal !== undefined ? `0o${octal}` : `0b${binary}`);
    const value = sign === "-" ? -size : size;
    return integer(value, Number(value));
  }
  if (!float.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isFinite(value) ? { type: "float", value } : undefined;
}

function integer(exact: bigint, value: number): PlainScalar {
  return { type: isExact(exact, value) ? "int" : "inexact", value: value === 0 ? 0 : value };
}

/** True when the number prints, in JSON, as the very integer that was written. */
function isExact(exact: bigint, value: number): boolean {
  return Number.isSafeInteger(value) || String(value) === exact.toString();
}

/** The same question for an integer literal in JSON. */
export function isExactInteger(literal: string): boolean {
  return !/^-?\d+$/.test(literal) || isExact(BigInt(literal), Number(literal));
}

/**
 * Fields that the API server itself reads as 64-bit floats (the bounds in a CRD's schema): rounding
 * 9223372036854775807 there, as the server does, changes nothing.
 */
export function isFloatField(field: string | number | undefined): boolean {
  return field === "maximum" || field === "minimum";
}

/** Binary scalars as text, undefined when they are no UTF-8: JSON has no bytes. */
export function decodeBinary(text: string): string | undefined {
  const bytes = Buffer.from(text.replaceAll(/\s/g, ""), "base64");
  const decoded = bytes.toString("utf8");
  return Buffer.from(decoded, "utf8").equals(bytes) ? decoded : undefined;
}
