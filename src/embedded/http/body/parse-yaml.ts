import { isAlias, isNode, parseDocument, visit } from "yaml";
import type { Document } from "yaml";
import type { JsonValue } from "#core/object/index.ts";
import { JsonProblem, type ParsedJson } from "./parse-json.ts";

const maxAliases = 100;

/**
 * One YAML document as JSON, with the rules of `parseJson`. Types are those of YAML 1.1 without times, so `yes` is true, as
 * kube-apiserver has it.
 */
export function parseYaml(text: string, maxDepth: number): ParsedJson {
  const document = parse(text);
  const [error] = document.errors;
  const duplicates = document.errors
    .filter(({ code }) => code === "DUPLICATE_KEY")
    .map(({ pos }) => keyAt(text, pos[0]));
  if (error !== undefined && duplicates.length < document.errors.length) {
    const other = document.errors.find(({ code }) => code !== "DUPLICATE_KEY") ?? error;
    throw new JsonProblem(
      `error converting YAML to JSON: ${other.message.split("\n", 1).join("").replace(/:$/, "")}`,
    );
  }
  return { value: toJson(document, maxDepth), duplicates };
}

function parse(text: string): Document {
  try {
    return parseDocument(text, {
      version: "1.1",
      intAsBigInt: true,
      prettyErrors: true,
      logLevel: "error",
      customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isUnknown(tag)),
    });
  } catch (error) {
    // The parser calls itself for every level of nesting.
    if (error instanceof RangeError) throw new JsonProblem("exceeded max depth", { cause: error });
    throw error;
  }
}

/** Types of YAML 1.1 that Kubernetes reads as plain text: times, and numbers such as `1:30`. */
function isUnknown(tag: { readonly tag: string; readonly format?: string }): boolean {
  return tag.format === "TIME" || tag.tag.endsWith(":timestamp");
}

function toJson(document: Document, maxDepth: number): JsonValue {
  let aliases = 0;
  visit(document, (_key, node) => {
    if (isNode(node) && isAlias(node)) aliases += 1;
  });
  if (aliases > maxAliases) throw new JsonProblem("document contains excessive aliasing");
  try {
    return clean(document.toJS({ maxAliasCount: maxAliases }), maxDepth);
  } catch (error) {
    if (error instanceof JsonProblem) throw error;
    throw new JsonProblem(`error converting YAML to JSON: ${String(error)}`, { cause: error });
  }
}

function clean(value: unknown, depth: number): JsonValue {
  if (depth < 0) throw new JsonProblem("exceeded max depth");
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return integer(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new JsonProblem(`json: unsupported value: ${value}`);
    return value;
  }
  if (Array.isArray(value)) return value.map((item) => clean(item, depth - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new JsonProblem("unsupported YAML type");
  const fields = Object.entries(value as object).map(([field, item]) => {
    if (field === "__proto__") throw new JsonProblem('the field name "__proto__" is not supported');
    return [field, clean(item, depth - 1)] as const;
  });
  return Object.fromEntries(fields);
}

function integer(value: bigint): number {
  const number = Number(value);
  if (String(number) === `${value}`) return number;
  throw new JsonProblem(`the number ${value} cannot be kept without loss; write it as a string`);
}

function keyAt(text: string, offset: number): string {
  return /^["']?([^"':\n]*)/.exec(text.slice(offset, offset + 200))?.[1]?.trim() ?? "";
}
