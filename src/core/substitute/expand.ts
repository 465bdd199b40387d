import { compileGlob } from "./glob.ts";
import type { Part } from "./parse.ts";

export interface Scope {
  readonly variables: ReadonlyMap<string, string>;
  /** Called for a variable that has no value and no default. */
  readonly onMissing: (name: string, at: number) => void;
}

/** The text that the parts stand for. */
export function expand(parts: readonly Part[], scope: Scope): string {
  return parts.map((part) => expandPart(part, scope)).join("");
}

function expandPart(part: Part, scope: Scope): string {
  if (part.kind === "text") return part.text;
  const { name, operator, at } = part;
  const value = scope.variables.get(name);
  const args = part.args.map((arg) => expandPart(arg, scope));
  if (value === undefined && !isDefault(operator)) scope.onMissing(name, at);
  return apply(operator, value ?? "", args);
}

/** As in Flux, all of them are the value, or the word where the value is empty: `:+` is not what it is in a shell. */
function isDefault(operator: string): boolean {
  return [":=", ":-", ":?", ":+", "="].includes(operator);
}

function apply(operator: string, value: string, args: readonly string[]): string {
  const [first = "", second = ""] = args;
  switch (operator) {
    case "length":
      return String(encode(value).length);
    case ",":
      return withFirst(value, (character) => character.toLowerCase());
    case "^":
      return withFirst(value, (character) => character.toUpperCase());
    case ",,":
      return value.toLowerCase();
    case "^^":
      return value.toUpperCase();
    case ":":
      return slice(value, args);
    case "/":
      return value.replace(first, () => second);
    case "//":
      return value.replaceAll(first, () => second);
    case "/#":
      return args.length === 2 && value.startsWith(first) ? second + value.slice(first.length) : value;
    case "/%":
      return args.length === 2 && value.endsWith(first)
        ? value.slice(0, value.length - first.length) + second
        : value;
    case "#":
    case "##":
      return trimStart(value, first, operator === "##");
    case "%":
    case "%%":
      return reverse(trimStart(reverse(value), reverse(first), operator === "%%"));
    default:
      return value === "" ? args.join("") : value;
  }
}

function withFirst(value: string, change: (character: string) => string): string {
  const [character = ""] = value;
  return change(character) + value.slice(character.length);
}

function reverse(value: string): string {
  return Array.from(value).toReversed().join("");
}

/** A pattern that cannot be read matches nothing. */
function trimStart(value: string, pattern: string, longest: boolean): string {
  const matches = compileGlob(pattern);
  if (matches === undefined) return value;
  const ends: number[] = [];
  for (let at = 0; at < value.length;) {
    at += String.fromCodePoint(value.codePointAt(at) ?? 0).length;
    ends.push(at);
  }
  const end = (longest ? ends.toReversed() : ends).find((at) => matches(value.slice(0, at)));
  return end === undefined ? value : value.slice(end);
}

const integer = /^[-+]?\d+$/;

/** Counted in bytes; a negative start counts from the end, and a negative length is an end counted from the end. */
function slice(value: string, [start = "", length]: readonly string[]): string {
  if (!integer.test(start) || (length !== undefined && !integer.test(length))) return value;
  const bytes = encode(value);
  const from = Number(start) < 0 ? Math.max(0, bytes.length + Number(start)) : Number(start);
  const count = length === undefined ? bytes.length : Number(length);
  const to = count < 0 ? bytes.length + count : from + count;
  return decode(bytes.slice(from, Math.max(from, to)));
}

/** UTF-8 as `%41`-less pieces, one a byte. */
function encode(value: string): readonly string[] {
  return encodeURIComponent(value.toWellFormed()).match(/%[\dA-F]{2}|[\s\S]/g) ?? [];
}

/** Half a character becomes the sign for one that cannot be shown. */
function decode(bytes: readonly string[]): string {
  const joined = bytes.join("");
  try {
    return decodeURIComponent(joined);
  } catch {
    return bytes.map((byte) => (/^%[89A-F]/.test(byte) ? "\uFFFD" : decodeURIComponent(byte))).join("");
  }
}
