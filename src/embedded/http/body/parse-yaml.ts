import { isAlias, isScalar, Lexer, parseDocument, visit } from "yaml";
import type { Document, YAMLMap } from "yaml";
import type { JsonValue } from "#core/object/index.ts";
import { JsonProblem, type ParsedJson } from "./parse-json.ts";

const maxAliases = 100;

/**
 * One YAML document as JSON, with the rules of `parseJson`. Types are those of YAML 1.1 without times, so `yes` is true, as
 * kube-apiserver has it.
 */
export function parseYaml(text: string, maxDepth: number): ParsedJson {
  refuseDeepFlow(text, maxDepth);
  const document = parse(text);
  const [error] = document.errors;
  if (error !== undefined) {
    throw new JsonProblem(
      `error converting YAML to JSON: ${error.message.split("\n", 1).join("").replace(/:$/, "")}`,
    );
  }
  const duplicates = survey(document);
  return { value: toJson(document, maxDepth), duplicates };
}

/** The parser fails for every bracket that its stack has no room for: a megabyte of them takes it ten seconds. */
function refuseDeepFlow(text: string, maxDepth: number): void {
  if ((text.match(/[[{]/g)?.length ?? 0) <= maxDepth) return;
  let [depth, isText] = [0, false];
  for (const token of new Lexer().lex(text)) {
    if (!isText && (token === "[" || token === "{")) depth += 1;
    else if (!isText && (token === "]" || token === "}")) depth -= 1;
    if (depth > maxDepth) throw new JsonProblem("exceeded max depth");
    isText = token === textFollows;
  }
}

/** What the lexer says before the text of a scalar. */
const textFollows = "\u001F";

function parse(text: string): Document {
  try {
    return parseDocument(text, {
      version: "1.1",
      intAsBigInt: true,
      prettyErrors: true,
      logLevel: "error",
      // The parser compares every key with all before it: ten thousand take seconds.
      uniqueKeys: false,
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

/** Fields that are there twice. Throws for what must not be converted: it would take for ever. */
function survey(document: Document): string[] {
  const duplicates: string[] = [];
  let aliases = 0;
  try {
    visit(document, {
      Alias: () => {
        aliases += 1;
      },
      Map: (_key, map) => {
        duplicates.push(...repeatedKeys(document, map));
      },
    });
  } catch (error) {
    if (error instanceof RangeError) throw new JsonProblem("exceeded max depth", { cause: error });
    throw error;
  }
  if (aliases > maxAliases) throw new JsonProblem("document contains excessive aliasing");
  return duplicates;
}

function repeatedKeys(document: Document, { items }: YAMLMap): readonly string[] {
  const keys = new Set<string>();
  const repeated: string[] = [];
  for (const { key } of items) {
    const scalar = isAlias(key) ? key.resolve(document) : key;
    // Each level of a key that is a list or map makes its text twice as long.
    if (!isScalar(scalar)) throw new JsonProblem("error converting YAML to JSON: a key is no text");
    const name = String(scalar.value);
    if (keys.has(name) && name !== "<<") repeated.push(name);
    keys.add(name);
  }
  return repeated;
}

function toJson(document: Document, maxDepth: number): JsonValue {
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
