import type { JsonValue } from "#core/object/index.ts";

/** Why a text is no JSON, in the words of Go's parser, which clients and their tests know. */
export class JsonProblem extends Error {
  override readonly name = "JsonProblem";
}

export interface ParsedJson {
  readonly value: JsonValue;
  /** Paths of fields that an object has twice; the last value counts. */
  readonly duplicates: readonly string[];
}

interface Reading {
  readonly text: string;
  readonly maxDepth: number;
  readonly path: (string | number)[];
  readonly duplicates: string[];
  at: number;
}

const maxDuplicates = 100;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * JSON with what JSON.parse passes over: fields that appear twice are told, and a text is refused that is nested too deep, that has a
 * field `__proto__`, which code that copies field by field would lose, or that has a number which JavaScript cannot keep: an integer
 * beyond 2^53 that would be written otherwise than it was read, or a number beyond the doubles. Kept silently, it would change.
 */
export function parseJson(text: string, maxDepth: number): ParsedJson {
  const reading: Reading = { text, maxDepth, path: [], duplicates: [], at: 0 };
  const value = readValue(reading);
  skipSpace(reading);
  if (reading.at < text.length) throw unexpected(reading, "after top-level value");
  return { value, duplicates: reading.duplicates };
}

function readValue(reading: Reading): JsonValue {
  skipSpace(reading);
  switch (reading.text.charAt(reading.at)) {
    case "{":
      return readObject(reading);
    case "[":
      return readArray(reading);
    case '"':
      return readString(reading);
    case "t":
      return readLiteral(reading, "true", true);
    case "f":
      return readLiteral(reading, "false", false);
    case "n":
      return readLiteral(reading, "null", null);
    default:
      return readNumber(reading);
  }
}

function readObject(reading: Reading): JsonValue {
  const object: Record<string, JsonValue> = {};
  if (enter(reading, "}")) return object;
  for (;;) {
    skipSpace(reading);
    if (reading.text[reading.at] !== '"')
      throw unexpected(reading, "looking for beginning of object key string");
    const field = readString(reading);
    if (field === "__proto__") throw new JsonProblem('the field name "__proto__" is not supported');
    skipSpace(reading);
    if (reading.text[reading.at] !== ":") throw unexpected(reading, "after object key");
    reading.at += 1;
    reading.path.push(field);
    if (Object.hasOwn(object, field)) noteDuplicate(reading);
    object[field] = readValue(reading);
    reading.path.pop();
    if (leave(reading, "}", "after object key:value pair")) return object;
  }
}

function readArray(reading: Reading): JsonValue {
  const array: JsonValue[] = [];
  if (enter(reading, "]")) return array;
  for (;;) {
    reading.path.push(array.length);
    array.push(readValue(reading));
    reading.path.pop();
    if (leave(reading, "]", "after array element")) return array;
  }
}

/** True when the collection that begins here is empty; it is read over then. */
function enter(reading: Reading, end: string): boolean {
  if (reading.path.length >= reading.maxDepth) throw new JsonProblem("exceeded max depth");
  reading.at += 1;
  skipSpace(reading);
  if (reading.text[reading.at] !== end) return false;
  reading.at += 1;
  return true;
}

/** True at the collection's end, false when a comma says that it goes on. */
function leave(reading: Reading, end: string, where: string): boolean {
  skipSpace(reading);
  const character = reading.text[reading.at];
  if (character !== end && character !== ",") throw unexpected(reading, where);
  reading.at += 1;
  return character === end;
}

function readString(reading: Reading): string {
  const { text } = reading;
  const start = reading.at;
  let escaped = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      reading.at = at + 1;
      return escaped ? unescape(reading, start) : text.slice(start + 1, at);
    }
    if (code === 0x5c) {
      escaped = true;
      at += 1;
    } else if (code < 0x20) {
      reading.at = at;
      throw unexpected(reading, "in string literal");
    }
  }
  reading.at = text.length;
  throw unexpected(reading, "in string literal");
}

// Half of a surrogate pair becomes a replacement character, as in Go.
function unescape(reading: Reading, start: number): string {
  try {
    return (JSON.parse(reading.text.slice(start, reading.at)) as string).toWellFormed();
  } catch (error) {
    throw new JsonProblem("invalid character in string escape code", { cause: error });
  }
}

function readLiteral<T extends JsonValue>(reading: Reading, word: string, value: T): T {
  for (const expected of word) {
    if (reading.text[reading.at] !== expected) {
      throw unexpected(reading, `in literal ${word} (expecting ${quote(expected)})`);
    }
    reading.at += 1;
  }
  return value;
}

function readNumber(reading: Reading): number {
  numberPattern.lastIndex = reading.at;
  const literal = numberPattern.exec(reading.text)?.[0];
  if (literal === undefined) {
    if (reading.text[reading.at] === "-") {
      reading.at += 1;
      throw unexpected(reading, "in numeric literal");
    }
    throw unexpected(reading, "looking for beginning of value");
  }
  reading.at += literal.length;
  const value = Number(literal);
  if (!isKept(literal, value)) {
    throw new JsonProblem(
      `the number ${literal.slice(0, 40)} cannot be kept without loss; write it as a string`,
    );
  }
  return value;
}

function isKept(literal: string, value: number): boolean {
  if (Number.isSafeInteger(value) || /[.eE]/.test(literal)) return Number.isFinite(value);
  return String(value) === literal;
}

function skipSpace(reading: Reading): void {
  const { text } = reading;
  for (;;) {
    const code = text.charCodeAt(reading.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reading.at += 1;
  }
}

function noteDuplicate(reading: Reading): void {
  if (reading.duplicates.length < maxDuplicates) reading.duplicates.push(formatPath(reading.path));
}

/** `spec.containers[0].name` */
function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

function unexpected(reading: Reading, where: string): JsonProblem {
  const code = reading.text.codePointAt(reading.at);
  if (code === undefined) return new JsonProblem("unexpected end of JSON input");
  return new JsonProblem(`invalid character ${quote(String.fromCodePoint(code))} ${where}`);
}

/** A character between single quotes, as Go shows it. */
function quote(character: string): string {
  if (character === '"') return `'"'`;
  if (character === "'") return `'\\''`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}
