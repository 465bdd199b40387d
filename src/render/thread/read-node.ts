import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { JsonValue } from "#core/object/index.ts";
import { formatFieldPath, formatKey } from "#core/object/index.ts";
import { setField } from "./parse-json.ts";
import { decodeBinary, isFloatField, resolvePlainScalar } from "./plain-scalar.ts";
import type { PlainScalar } from "./plain-scalar.ts";

/** Values (long texts count more) that aliases may bring into one document: far beyond real use, far below a bomb. */
const maxAliasedNodes = 100_000;

interface ReadOptions {
  readonly source: string;
  readonly maxDepth: number;
  /** Of a key that appears twice the last one wins; without it that is an error. */
  readonly lastKeyWins?: boolean;
  /** Throws an error placed at the offset. */
  readonly fail: (offset: number, problem: string) => never;
}

interface Reading extends ReadOptions {
  readonly path: (string | number)[];
  readonly anchors: Map<string, Node>;
  /** Anchored nodes whose content is being read: an alias to one of them would never end. */
  readonly open: Set<Node>;
  aliasDepth: number;
  /** Where the outermost alias being read stands. */
  aliasOffset: number;
  aliasedNodes: number;
  depth: number;
}

type MutableObject = Record<string, JsonValue>;

/** The JSON value of a document parsed with the failsafe schema, types resolved as Kubernetes does. */
export function readNode(node: Node, options: ReadOptions): JsonValue {
  return read(node, {
    ...options,
    path: [],
    anchors: new Map(),
    open: new Set(),
    aliasDepth: 0,
    aliasOffset: 0,
    aliasedNodes: 0,
    depth: 0,
  });
}

function read(node: unknown, at: Reading): JsonValue {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return readAlias(node, at);
  const known = node as Scalar | YAMLMap | YAMLSeq;
  if (at.aliasDepth > 0) countAliased(known, at);
  if (known.anchor !== undefined && at.aliasDepth === 0) at.anchors.set(known.anchor, known);
  if (isScalar(known)) return readScalar(known, at);
  at.depth += 1;
  if (at.depth > at.maxDepth) at.fail(offsetOf(known), `nested more than ${at.maxDepth} levels deep`);
  at.open.add(known);
  const value = isMap(known) ? readMap(known, at) : readSeq(known as YAMLSeq, at);
  at.open.delete(known);
  at.depth -= 1;
  return value;
}

function offsetOf(node: unknown): number {
  return (node as Node).range?.[0] ?? 0;
}

function sizeOf(node: Node): number {
  return isScalar(node) && typeof node.value === "string" ? node.value.length : 0;
}

function countAliased(node: Node, at: Reading): void {
  at.aliasedNodes += 1 + Math.floor(sizeOf(node) / 100);
  if (at.aliasedNodes > maxAliasedNodes) {
    at.fail(
      at.aliasOffset,
      `aliases expand to more than ${maxAliasedNodes} values; write them out or split the file`,
    );
  }
}

function readAlias(alias: Alias, at: Reading): JsonValue {
  return at.aliasDepth > at.maxDepth
    ? at.fail(offsetOf(alias), `nested more than ${at.maxDepth} levels deep`)
    : insideAlias(alias, at, (target) => read(target, at));
}

function insideAlias<T>(alias: Alias, at: Reading, use: (target: Node) => T): T {
  const target = at.anchors.get(alias.source);
  if (target === undefined) {
    return at.fail(
      offsetOf(alias),
      "an alias has no anchor before it; an anchor is only known inside its own document (put quotes around a text that begins with *)",
    );
  }
  if (at.open.has(target))
    return at.fail(offsetOf(alias), `alias *${formatKey(alias.source)} contains itself`);
  if (at.aliasDepth === 0) at.aliasOffset = offsetOf(alias);
  at.aliasDepth += 1;
  const value = use(target);
  at.aliasDepth -= 1;
  return value;
}

function readSeq(seq: YAMLSeq, at: Reading): JsonValue {
  const values: JsonValue[] = [];
  for (const item of seq.items) {
    at.path.push(values.length);
    values.push(read(item, at));
    at.path.pop();
  }
  return values;
}

function readMap(map: YAMLMap, at: Reading): JsonValue {
  const values: MutableObject = {};
  const merged = new Set<string>();
  for (const pair of map.items) {
    if (isMergeKey(pair)) {
      merge(pair, { values, merged }, at);
      continue;
    }
    const key = readKey(pair.key, at);
    if (Object.hasOwn(values, key) && !merged.delete(key) && at.lastKeyWins !== true) {
      at.fail(
        offsetOf(pair.key),
        `key ${formatKey(key)} appears twice in ${describePath(at)}; remove one of them`,
      );
    }
    at.path.push(key);
    setField(values, key, read(pair.value, at));
    at.path.pop();
  }
  return values;
}

function describePath(at: Reading): string {
  return at.path.length === 0 ? "the document" : formatFieldPath(at.path);
}

function isMergeKey(pair: Pair): boolean {
  const { key } = pair;
  return isScalar(key) && key.source === "<<" && key.type === "PLAIN" && (key.tag ?? mergeTag) === mergeTag;
}

const mergeTag = "tag:yaml.org,2002:merge";

interface MergeTarget {
  readonly values: MutableObject;
  readonly merged: Set<string>;
}

/** https://yaml.org/type/merge.html: of several maps the earlier wins, and the map's own keys win over all. */
function merge(pair: Pair, into: MergeTarget, at: Reading): void {
  const own = new Set(Object.keys(into.values).filter((key) => !into.merged.has(key)));
  const add = (node: unknown): void => {
    if (isAlias(node)) return insideAlias(node, at, add);
    if (!isMap(node))
      return at.fail(offsetOf(pair.key), "<< must be given a map, an alias of one, or a list of them");
    for (const [key, value] of Object.entries(read(node, at) as MutableObject)) {
      if (own.has(key)) {
        at.fail(
          offsetOf(pair.key),
          `<< also sets ${formatKey(key)}, which stands before it; move << to the top of the map`,
        );
      }
      if (into.merged.has(key)) continue;
      into.merged.add(key);
      setField(into.values, key, value);
    }
  };
  const { value } = pair;
  const list = isAlias(value) ? at.anchors.get(value.source) : value;
  if (!isSeq(list)) return add(value);
  for (const item of list.items) add(item);
}

function readKey(key: unknown, at: Reading): string {
  if (isAlias(key)) return insideAlias(key, at, (target) => readKey(target, at));
  if (!isScalar(key)) return at.fail(offsetOf(key), "a list or a map cannot be a key; put quotes around it");
  if (key.anchor !== undefined && at.aliasDepth === 0) at.anchors.set(key.anchor, key);
  const resolved = resolve(key, at);
  switch (resolved.type) {
    case "string":
      return resolved.value;
    case "int":
    case "bool":
      return String(resolved.value);
    case "float":
      if (/^-?\d{1,6}(?:\.\d{1,5})?$/.test(String(resolved.value))) return String(resolved.value);
      return at.fail(offsetOf(key), "a number is used as a key; put quotes around it");
    case "null":
      return at.fail(offsetOf(key), "the key is empty; put quotes around it, or remove the line");
    case "inexact":
    case "not-a-number":
      return at.fail(offsetOf(key), "a number is used as a key; put quotes around it");
    default:
      throw new Error(`unhandled scalar: ${JSON.stringify(resolved satisfies never)}`);
  }
}

function readScalar(scalar: Scalar, at: Reading): JsonValue {
  const resolved = resolve(scalar, at);
  if (resolved.type === "not-a-number") {
    at.fail(
      offsetOf(scalar),
      `field ${formatFieldPath(at.path)} is infinite or not a number, which JSON cannot hold`,
    );
  }
  if (resolved.type === "inexact" && !isFloatField(at.path.at(-1))) {
    at.fail(
      offsetOf(scalar),
      `field ${formatFieldPath(at.path)} is an integer too large to keep exactly; put quotes around it, or use a smaller number`,
    );
  }
  return resolved.value;
}

const coreTag = /^tag:yaml\.org,2002:(str|binary|int|float|bool|null)$/;

function resolve(scalar: Scalar, at: Reading): PlainScalar {
  const text = typeof scalar.value === "string" ? scalar.value : (scalar.source ?? "");
  const plain = scalar.type === "PLAIN" || scalar.type === undefined || scalar.type === null;
  if (scalar.tag === undefined) return plain ? resolvePlainScalar(text) : { type: "string", value: text };
  const tag = coreTag.exec(scalar.tag)?.[1];
  if (tag === undefined || tag === "str") return { type: "string", value: text };
  if (tag === "binary") {
    const decoded = decodeBinary(text);
    if (decoded !== undefined) return { type: "string", value: decoded };
    return at.fail(
      offsetOf(scalar),
      "!!binary holds bytes that are no text; use base64 text in binaryData or data",
    );
  }
  const resolved = resolvePlainScalar(text);
  if (resolved.type === tag || (tag === "float" && resolved.type === "int")) return resolved;
  return at.fail(offsetOf(scalar), `field ${formatFieldPath(at.path)} is tagged !!${tag} but is no ${tag}`);
}
