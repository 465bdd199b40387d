import type { JsonValue } from "#core/object/index.ts";
import { setField } from "./parse-json.ts";
import { resolvePlainScalar } from "./plain-scalar.ts";

/**
 * Reads the YAML that most manifests are written in, many times faster than a full parser: block maps and sequences,
 * plain and quoted scalars on one line, literal blocks, flat lists in brackets. Undefined for everything else, errors
 * included: the full parser then decides. Whatever it does read, it must read as the full parser does.
 */
export function readBlockYaml(text: string, maxDepth: number): JsonValue | undefined {
  try {
    return new BlockReader(text, maxDepth).readDocument();
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

/** The document is not of the simple kind. */
class Unusual extends Error {}

const marker = /^---(?: *| +#.*)$/;
const keyForm = /^(?:([A-Za-z0-9_][A-Za-z0-9_./-]*)|"([^"\\]*)"|'([^']*)'):(?: +(?=[^ ])| *$)/;
const quotedForm = /^(?:"([^"\\]*)"|'([^']*)')(?: *| +#.*)$/;
const literalForm = /^\|([-+]?)(?: *| +#.*)$/;
const plainForm = /^(?:[A-Za-z0-9_./$(<=~+^]|-(?=[^ ]))/;
const emptyForm = /^(\[\]|\{\})(?: *| +#.*)$/;
const listForm =
  /^\[ *((?:"[^"\\]*"|'[^']*'|-?[\w./][\w./-]*)(?: *, *(?:"[^"\\]*"|'[^']*'|-?[\w./][\w./-]*))*) *\](?: *| +#.*)$/;
/** The pattern keeps a place to go back to for each item, and the space for them ends at some hundred thousand. */
const maxListLength = 65_536;
const listItem = /"([^"\\]*)"|'([^']*)'|(-?[\w./][\w./-]*)/g;

class BlockReader {
  readonly #lines: readonly string[];
  readonly #maxDepth: number;
  #at = 0;
  /** Of the current line; -1 at the end. */
  #indent = -1;
  #depth = 0;

  constructor(text: string, maxDepth: number) {
    this.#lines = text.split("\n");
    this.#maxDepth = maxDepth;
  }

  readDocument(): JsonValue {
    if (marker.test(this.#lines[0] ?? "")) this.#at = 1;
    this.#seek();
    const value = this.#readCollection(this.#content());
    if (this.#indent >= 0) throw new Unusual();
    return value;
  }

  /** Moves to the first line from here on that holds more than a comment. */
  #seek(): void {
    for (; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#lines[this.#at] ?? "";
      let indent = 0;
      while (line.charCodeAt(indent) === 32) indent += 1;
      const first = line.charCodeAt(indent);
      if (Number.isNaN(first) || first === 35) continue;
      if (indent === 0 && (line.startsWith("...") || line.startsWith("---") || first === 37))
        throw new Unusual();
      this.#indent = indent;
      return;
    }
    this.#indent = -1;
  }

  #advance(): void {
    this.#at += 1;
    this.#seek();
  }

  #content(): string {
    return (this.#lines[this.#at] ?? "").slice(Math.max(0, this.#indent));
  }

  #readCollection(content: string): JsonValue {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) throw new Unusual();
    const value = isItem(content) ? this.#readSequence(this.#indent) : this.#readMap(this.#indent, content);
    this.#depth -= 1;
    return value;
  }

  /** The map whose first entry is `content`, its keys at column `indent`. */
  #readMap(indent: number, content: string): JsonValue {
    const values: Record<string, JsonValue> = {};
    let entry = content;
    for (;;) {
      const match = keyForm.exec(entry);
      if (match === null) throw new Unusual();
      const key = match[1] ?? match[2] ?? match[3] ?? "";
      if (Object.hasOwn(values, key)) throw new Unusual();
      if (match[1] !== undefined && resolvePlainScalar(key).type !== "string") throw new Unusual();
      setField(values, key, this.#readValue(entry.slice(match[0].length), indent, true));
      if (this.#indent < indent) return values;
      entry = this.#content();
      // A map in a sequence item ends at the next item; anything else deeper or an item here is for the full parser.
      if (this.#indent > indent || isItem(entry)) throw new Unusual();
    }
  }

  #readSequence(indent: number): JsonValue {
    const values: JsonValue[] = [];
    while (this.#indent === indent && isItem(this.#content())) {
      const content = this.#content();
      let start = 1;
      while (content.charCodeAt(start) === 32) start += 1;
      const item = content.slice(start);
      if (isItem(item)) throw new Unusual();
      if (keyForm.test(item)) {
        this.#depth += 1;
        if (this.#depth > this.#maxDepth) throw new Unusual();
        values.push(this.#readMap(indent + start, item));
        this.#depth -= 1;
      } else values.push(this.#readValue(item, indent, false));
    }
    if (this.#indent > indent) throw new Unusual();
    return values;
  }

  /** The value whose first line holds `text` after its key or dash, inside a collection at column `indent`. */
  #readValue(text: string, indent: number, inMap: boolean): JsonValue {
    if (text === "" || text.startsWith("#")) return this.#readBelow(indent, inMap);
    const literal = literalForm.exec(text);
    if (literal !== null) return this.#readLiteral(indent, literal[1] ?? "");
    const value = readInline(text);
    this.#advance();
    // Deeper lines would continue the scalar.
    if (this.#indent > indent) throw new Unusual();
    return value;
  }

  #readBelow(indent: number, inMap: boolean): JsonValue {
    this.#advance();
    const content = this.#content();
    if (this.#indent > indent) return this.#readCollection(content);
    if (!inMap || this.#indent < indent || !isItem(content)) return null;
    return this.#readItemsOf(indent);
  }

  /** Items at the column of the key that they belong to. */
  #readItemsOf(indent: number): JsonValue {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) throw new Unusual();
    const values = this.#readSequence(indent);
    this.#depth -= 1;
    return values;
  }

  #readLiteral(indent: number, chomping: string): string {
    const lines: string[] = [];
    let column = -1;
    this.#at += 1;
    for (; this.#at < this.#lines.length; this.#at += 1) {
      const line = this.#lines[this.#at] ?? "";
      let spaces = 0;
      while (line.charCodeAt(spaces) === 32) spaces += 1;
      const blank = spaces === line.length;
      if (column < 0) {
        if (blank) throw new Unusual();
        if (spaces <= indent) break;
        column = spaces;
      }
      if (!blank && spaces < column) break;
      lines.push(line.slice(column));
    }
    if (column < 0) throw new Unusual();
    this.#seek();
    if (this.#indent > indent) throw new Unusual();
    return chomp(lines, chomping, this.#at >= this.#lines.length);
  }
}

function isItem(content: string): boolean {
  return content.startsWith("- ") || content === "-";
}

function chomp(lines: string[], chomping: string, atEnd: boolean): string {
  // What a kept blank tail means at the end of the text is left to the full parser.
  if (chomping === "+" && (atEnd || lines.at(-1) === "")) throw new Unusual();
  while (lines.at(-1) === "") lines.pop();
  return chomping === "-" ? lines.join("\n") : `${lines.join("\n")}\n`;
}

function readInline(text: string): JsonValue {
  const quoted = quotedForm.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? "";
  const empty = emptyForm.exec(text)?.[1];
  if (empty !== undefined) return empty === "[]" ? [] : {};
  const list = text.length > maxListLength ? undefined : listForm.exec(text)?.[1];
  if (list !== undefined) {
    return Array.from(
      list.matchAll(listItem),
      ([, double, single, plain]) => double ?? single ?? resolve(plain ?? ""),
    );
  }
  if (!plainForm.test(text) || text.includes("\t")) throw new Unusual();
  const comment = text.indexOf(" #");
  let end = comment < 0 ? text.length : comment;
  while (text.charCodeAt(end - 1) === 32) end -= 1;
  const plain = text.slice(0, end);
  if (plain.includes(": ") || plain.endsWith(":")) throw new Unusual();
  return resolve(plain);
}

function resolve(plain: string): JsonValue {
  const resolved = resolvePlainScalar(plain);
  if (resolved.type === "inexact" || resolved.type === "not-a-number") throw new Unusual();
  return resolved.value;
}
