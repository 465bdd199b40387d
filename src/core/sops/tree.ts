import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/**
 * A leaf in SOPS's types. `text` is canonical: the text itself, an integer's digits, a float without exponent, `true` or
 * `false`, an RFC 3339 time. `bytes` is set instead for what is no UTF-8 text.
 */
export interface SopsScalar {
  readonly kind: "scalar";
  readonly type: "null" | "bool" | "int" | "float" | "str" | "time" | "comment" | "bytes";
  readonly text: string;
  readonly bytes?: Uint8Array;
}

/** Ordered, because the message authentication code depends on the order: a JavaScript object moves keys such as `8080`. */
export interface SopsMap {
  readonly kind: "map";
  readonly entries: readonly { readonly key: string; readonly value: SopsNode }[];
}

export interface SopsList {
  readonly kind: "list";
  readonly items: readonly SopsNode[];
}

export type SopsNode = SopsMap | SopsList | SopsScalar;

/** Field names and list positions from the document's root. */
export type FieldPath = readonly (string | number)[];

export function entryOf(map: SopsMap, key: string): SopsNode | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}

/** How a path is written in messages. */
export function formatPath(path: FieldPath): string {
  return path
    .map((step, at) => (typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${step}`))
    .join("");
}

export function scalar(type: SopsScalar["type"], text: string): SopsScalar {
  return { kind: "scalar", type, text };
}

/** The tree of a parsed object. Its order is the object's own, so only values, not the authentication code, can be checked. */
export function treeOf(value: JsonValue | undefined): SopsNode {
  if (isJsonArray(value)) return { kind: "list", items: value.map((item) => treeOf(item)) };
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, field]) => ({ key, value: treeOf(field) }));
    return { kind: "map", entries };
  }
  if (typeof value === "string") return scalar("str", value);
  if (typeof value === "boolean") return scalar("bool", String(value));
  if (typeof value !== "number") return scalar("null", "");
  return Number.isInteger(value) ? scalar("int", plainDecimal(value)) : scalar("float", plainDecimal(value));
}

/** The value that a tree stands for; `read` replaces leaves and leaves out those it gives nothing for. */
export function valueOf(
  node: SopsNode,
  read: (leaf: SopsScalar) => JsonValue | undefined = scalarValue,
): JsonValue | undefined {
  switch (node.kind) {
    case "scalar":
      return read(node);
    case "list":
      return node.items.map((item) => valueOf(item, read)).filter((item) => item !== undefined);
    case "map": {
      const fields = node.entries.map(({ key, value }) => [key, valueOf(value, read)] as const);
      return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
    }
    default:
      throw new Error(`unhandled node: ${JSON.stringify(node satisfies never)}`);
  }
}

/** Undefined for a comment, which is no value. Throws RangeError for bytes that are no text. */
export function scalarValue(leaf: SopsScalar): JsonValue | undefined {
  switch (leaf.type) {
    case "null":
      return null;
    case "bool":
      return leaf.text === "true";
    case "int":
    case "float":
      return Number(leaf.text);
    case "str":
    case "time":
      return leaf.text;
    case "comment":
      return undefined;
    case "bytes":
      throw new RangeError("the value is no UTF-8 text");
    default:
      throw new Error(`unhandled scalar: ${JSON.stringify(leaf.type satisfies never)}`);
  }
}

/** The shortest decimal that reads back as the number, never with an exponent. */
export function plainDecimal(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const text = String(value);
  const parts = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}
