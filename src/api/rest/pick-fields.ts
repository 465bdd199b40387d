import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** Fields by name, with those within them; none within means all of the field. */
type FieldTree = Map<string, FieldTree>;

const maxLength = 8192;

/**
 * What of an answer the parameter `fields` asks for: `items.metadata.name,items.spec`, where lists are passed through; with a minus before it everything
 * but that. Undefined for everything. Throws API_INVALID_ARGUMENT for what cannot be read.
 */
export function parseFields(text: string | null): ((answer: JsonObject) => JsonObject) | undefined {
  if (text === null || text === "") return undefined;
  if (text.length > maxLength) throw invalid(`has ${text.length} characters; give ${maxLength} at most`);
  const isWithout = text.startsWith("-");
  const tree: FieldTree = new Map();
  for (const path of (isWithout ? text.slice(1) : text).split(",")) {
    const names = path.trim().split(".");
    if (names.includes(""))
      throw invalid(`${JSON.stringify(path)} is no path of fields with dots between them`);
    plant(tree, names);
  }
  const take = isWithout ? without : pick;
  return (answer) => take(answer, tree) as JsonObject;
}

function plant(tree: FieldTree, [name = "", ...rest]: readonly string[]): void {
  const within = tree.get(name);
  // All of it was asked for already.
  if (within?.size === 0) return;
  if (rest.length === 0) {
    tree.set(name, new Map());
    return;
  }
  const next = within ?? new Map<string, FieldTree>();
  tree.set(name, next as FieldTree);
  plant(next as FieldTree, rest);
}

function pick(value: JsonValue, tree: FieldTree): JsonValue {
  if (tree.size === 0) return value;
  if (isJsonArray(value)) return value.map((item) => pick(item, tree));
  if (!isJsonObject(value)) return value;
  const kept = [...tree].flatMap(([name, within]) => {
    const field = Object.hasOwn(value, name) ? value[name] : undefined;
    return field === undefined ? [] : [[name, pick(field, within)] as const];
  });
  return Object.fromEntries(kept);
}

function without(value: JsonValue, tree: FieldTree): JsonValue {
  if (isJsonArray(value)) return value.map((item) => without(item, tree));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).flatMap(([name, field]) => {
    const within = tree.get(name);
    if (within === undefined || field === undefined) return [[name, field] as const];
    return within.size === 0 ? [] : [[name, without(field, within)] as const];
  });
  return Object.fromEntries(kept) as JsonObject;
}

function invalid(what: string): MooringError {
  return new MooringError("API_INVALID_ARGUMENT", `fields: ${what}; correct it in the address`);
}
