import type { JsonValue } from "#core/object/index.ts";
import { lineAt } from "./decode-text.ts";
import { formatKey } from "#core/object/index.ts";
import { ManifestError } from "./manifest-error.ts";
import { isExactInteger, isFloatField } from "./plain-scalar.ts";

/**
 * Parses a JSON file (RFC 8259) that holds one value. Throws RENDER_INVALID for what JSON does not allow, for a key that
 * appears twice, and for an integer that would not survive as a number.
 *
 * Not `JSON.parse`: when its native allocations meet the thread's heap limit, V8 ends the whole process instead of the
 * thread (seen with 10 MiB of `{},` at 512 MiB), and every other application with it.
 */
export function parseJson(file: string, text: string, maxDepth: number): JsonValue {
  return new JsonReader({ file, text, maxDepth }).readFile();
}

interface JsonSource {
  readonly file: string;
  readonly text: string;
  readonly maxDepth: number;
}

const notJson = "not valid JSON; check quotes, commas and brackets up to this line";
const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** What makes a string more than its text: escapes, and control characters, which JSON does not allow. */
const special = /[\\\p{Cc}]/u;
const word = /true|false|null/y;

class JsonReader {
  readonly #file: string;
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;

  constructor(source: JsonSource) {
    this.#file = source.file;
    this.#text = source.text;
    this.#maxDepth = source.maxDepth;
  }

  readFile(): JsonValue {
    if (this.#next() === "") this.#fail("file is empty; remove it or write one JSON object");
    const value = this.#readValue(undefined);
    if (this.#next() !== "") {
      this.#fail(
        "more text follows the first JSON value; a .json file holds one object, so use an array or several files",
      );
    }
    return value;
  }

  #readValue(field: string | undefined): JsonValue {
    const character = this.#next();
    if (character === "{") return this.#nested(() => this.#readObject());
    if (character === "[") return this.#nested(() => this.#readArray(field));
    if (character === '"') return this.#readString();
    const found = this.#take(word);
    if (found !== undefined) return found === "null" ? null : found === "true";
    return this.#readNumber(field);
  }

  #nested(read: () => JsonValue): JsonValue {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) this.#fail(`nested more than ${this.#maxDepth} levels deep`);
    this.#at += 1;
    const value = read();
    this.#at += 1;
    this.#depth -= 1;
    return value;
  }

  #readArray(field: string | undefined): JsonValue {
    const values: JsonValue[] = [];
    if (this.#next() === "]") return values;
    for (;;) {
      values.push(this.#readValue(field));
      if (this.#endsAfter("]")) return values;
    }
  }

  #readObject(): JsonValue {
    const values: Record<string, JsonValue> = {};
    if (this.#next() === "}") return values;
    for (;;) {
      if (this.#next() !== '"') this.#fail(notJson);
      const start = this.#at;
      const key = this.#readString();
      if (Object.hasOwn(values, key)) {
        this.#fail(`key ${formatKey(key)} appears twice; remove one of them`, start);
      }
      if (this.#next() !== ":") this.#fail(notJson);
      this.#at += 1;
      setField(values, key, this.#readValue(key));
      if (this.#endsAfter("}")) return values;
    }
  }

  /** True at the closing bracket; otherwise moves over the comma. */
  #endsAfter(close: string): boolean {
    const character = this.#next();
    if (character === close) return true;
    if (character !== ",") this.#fail(notJson);
    this.#at += 1;
    return false;
  }

  #readString(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    while (end >= 0 && this.#isEscaped(end)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) this.#fail(notJson, start);
    const found = this.#text.slice(start, end + 1);
    this.#at = end + 1;
    return special.test(found) ? this.#unescape(found, start) : found.slice(1, -1);
  }

  #isEscaped(quote: number): boolean {
    let before = quote;
    while (this.#text[before - 1] === "\\") before -= 1;
    return (quote - before) % 2 === 1;
  }

  #unescape(found: string, start: number): string {
    try {
      return JSON.parse(found) as string;
    } catch (error) {
      if (error instanceof SyntaxError) this.#fail(notJson, start);
      throw error;
    }
  }

  #readNumber(field: string | undefined): number {
    const start = this.#at;
    const found = this.#take(number) ?? this.#fail(notJson);
    const value = Number(found);
    if (!Number.isFinite(value) || (!isExactInteger(found) && !isFloatField(field))) {
      this.#fail(
        `field ${formatKey(field ?? "")} is an integer too large to keep exactly; put quotes around it, or use a smaller number`,
        start,
      );
    }
    return value === 0 ? 0 : value;
  }

  /** The character after white space; empty at the end. */
  #next(): string {
    this.#take(space);
    return this.#text.charAt(this.#at);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #fail(problem: string, at = this.#at): never {
    throw new ManifestError({ file: this.#file, line: lineAt(this.#text, at) }, problem);
  }
}

/** `__proto__` is a key like any other, so it must be defined: assigning it would change the object's prototype. */
export function setField(values: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    Object.defineProperty(values, key, { value, writable: true, enumerable: true, configurable: true });
  } else values[key] = value;
}
