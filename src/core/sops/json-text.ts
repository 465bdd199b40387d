import type { FieldPath, SopsMap, SopsNode, SopsScalar } from "./tree.ts";
import { plainDecimal, scalar } from "./tree.ts";

const maxDepth = 200;
const space = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const word = /true|false|null/y;
const quoted = /"(?:[^"\\]|\\.)*"/suy;

/** The tree of a JSON text in the order of its text; undefined when it is no JSON map. */
export function readJsonTree(text: string): SopsMap | undefined {
  try {
    return new JsonTreeReader(text).readFile();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class JsonTreeReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readFile(): SopsMap {
    const value = this.#readValue();
    this.#take(space);
    if (value.kind !== "map" || this.#at < this.#text.length) throw new SyntaxError("no JSON map");
    return value;
  }

  #readValue(): SopsNode {
    const next = this.#next();
    if (next === "{") return this.#nested(() => ({ kind: "map", entries: this.#readEntries() }));
    if (next === "[") return this.#nested(() => ({ kind: "list", items: this.#readItems() }));
    if (next === '"') return scalar("str", this.#readString());
    const found = this.#take(word);
    if (found !== undefined) return found === "null" ? scalar("null", "") : scalar("bool", found);
    return readNumber(this.#take(number));
  }

  #nested(read: () => SopsNode): SopsNode {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new SyntaxError("nested too deeply");
    this.#at += 1;
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #readEntries(): SopsMap["entries"] {
    const entries: { key: string; value: SopsNode }[] = [];
    if (this.#skips("}")) return entries;
    do {
      this.#next();
      const key = this.#readString();
      if (!this.#skips(":")) throw new SyntaxError("no colon");
      entries.push({ key, value: this.#readValue() });
    } while (this.#skips(","));
    if (!this.#skips("}")) throw new SyntaxError("no closing brace");
    return entries;
  }

  #readItems(): SopsNode[] {
    const items: SopsNode[] = [];
    if (this.#skips("]")) return items;
    do items.push(this.#readValue());
    while (this.#skips(","));
    if (!this.#skips("]")) throw new SyntaxError("no closing bracket");
    return items;
  }

  #readString(): string {
    const found = this.#take(quoted);
    if (found === undefined) throw new SyntaxError("no string");
    // One string at a time, so that no large value is built outside the thread's heap limit.
    return JSON.parse(found) as string;
  }

  #next(): string {
    this.#take(space);
    return this.#text.charAt(this.#at);
  }

  #skips(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

function readNumber(found: string | undefined): SopsScalar {
  if (found === undefined) throw new SyntaxError("no value");
  if (/^-?\d+$/.test(found)) {
    const value = BigInt(found);
    if (BigInt.asIntN(64, value) === value) return scalar("int", String(value));
  }
  const value = Number(found);
  if (!Number.isFinite(value)) throw new SyntaxError("no finite number");
  return scalar("float", plainDecimal(value));
}

/** JSON text as `sops decrypt` writes it; `read` gives what stands for a leaf. Throws RangeError for bytes that are no text. */
export function writeJsonTree(document: SopsMap, read: (leaf: SopsScalar) => SopsScalar): string {
  return `${writeNode(document, { path: [], read })}\n`;
}

interface Writing {
  readonly path: FieldPath;
  readonly read: (leaf: SopsScalar) => SopsScalar;
}

function writeNode(node: SopsNode, at: Writing): string {
  if (node.kind === "scalar") return writeScalar(at.read(node));
  const inner = { ...at, path: [...at.path, ""] };
  const isComment = (value: SopsNode): boolean =>
    value.kind === "scalar" && at.read(value).type === "comment";
  const parts =
    node.kind === "map"
      ? node.entries.map(({ key, value }) => `${writeString(key)}: ${writeNode(value, inner)}`)
      : node.items.filter((item) => !isComment(item)).map((item) => writeNode(item, inner));
  const [open, close] = node.kind === "map" ? "{}" : "[]";
  if (parts.length === 0) return `${open}${close}`;
  const line = `\n${"\t".repeat(inner.path.length)}`;
  return `${open}${line}${parts.join(`,${line}`)}\n${"\t".repeat(at.path.length)}${close}`;
}

function writeScalar(leaf: SopsScalar): string {
  switch (leaf.type) {
    case "null":
    case "comment":
      return "null";
    case "bool":
    case "int":
      return leaf.text;
    case "float":
      return String(Number(leaf.text));
    case "str":
    case "time":
      return writeString(leaf.text);
    case "bytes":
      throw new RangeError("the value is no UTF-8 text");
    default:
      throw new Error(`unhandled scalar: ${JSON.stringify(leaf.type satisfies never)}`);
  }
}

/** As Go's encoder, which keeps text safe inside HTML. */
function writeString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
