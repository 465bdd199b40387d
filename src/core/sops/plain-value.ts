import type { SopsScalar } from "./tree.ts";
import { plainDecimal, scalar } from "./tree.ts";

const words: ReadonlyMap<string, SopsScalar> = new Map([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, scalar("null", "")] as const),
  ...["true", "True", "TRUE"].map((word) => [word, scalar("bool", "true")] as const),
  ...["false", "False", "FALSE"].map((word) => [word, scalar("bool", "false")] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, scalar("float", "NaN")] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, scalar("float", "+Inf")] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, scalar("float", "-Inf")] as const),
]);

const maxInt = 2n ** 63n - 1n;
const decimal = /^([-+]?)(0|[1-9]\d*)$/;
const based = /^([-+]?)0(?:[xX]([\da-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * What an unquoted YAML scalar is for SOPS, which reads with go-yaml v3: as in YAML 1.1, but yes, no, on and off are text,
 * and what looks like a time is one. The authentication code is made of these values.
 */
export function resolvePlainValue(text: string): SopsScalar {
  const known = words.get(text);
  if (known !== undefined) return known;
  if (!/^[-+.\d]/.test(text)) return scalar("str", text);
  return resolveTime(text) ?? resolveNumber(text.replaceAll("_", "")) ?? scalar("str", text);
}

function resolveNumber(text: string): SopsScalar | undefined {
  const found = decimal.exec(text);
  const integer = found === null ? basedInteger(text) : BigInt(`${found[1] === "-" ? "-" : ""}${found[2]}`);
  if (integer !== undefined && integer <= maxInt && integer >= -maxInt - 1n)
    return scalar("int", String(integer));
  if (!float.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? scalar("float", plainDecimal(value)) : undefined;
}

function basedInteger(text: string): bigint | undefined {
  const parts = based.exec(text);
  if (parts === null) return undefined;
  const [, sign, hex, binary, octal] = parts;
  const size = BigInt(hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : `0o${octal}`);
  return sign === "-" ? -size : size;
}

const time =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?))?$/;

function resolveTime(text: string): SopsScalar | undefined {
  const parts = time.exec(text);
  if (parts === null) return undefined;
  const [, year = "", month = "", day = ""] = parts;
  const [hour = "0", minute = "0", second = "0"] = [
    parts[4] ?? parts[9],
    parts[5] ?? parts[10],
    parts[6] ?? parts[11],
  ];
  const fraction = (parts[7] ?? parts[12] ?? "").slice(0, 10).replace(/\.?0*$/, "");
  const zone = parts[8] === undefined || /^[-+]00:00$/.test(parts[8]) ? "Z" : parts[8];
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const two = (digits: string): string => digits.padStart(2, "0");
  return scalar(
    "time",
    `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${zone}`,
  );
}

function isDate(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
