import type { JsonArray, JsonObject, JsonValue } from "#core/object/index.ts";
import { canonicalJson, isJsonArray, isJsonObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { duplicate, invalid } from "../validate/field-errors.ts";
import { childPath } from "./located.ts";
import type { Structural } from "./structural.ts";

/** Items that occur twice in lists that are sets or maps. */
export function checkListTypes(schema: Structural, path: string, value: JsonValue): readonly FieldError[] {
  if (isJsonArray(value)) return checkList(schema, path, value);
  return isJsonObject(value) ? checkFields(schema, path, value) : [];
}

function checkFields(schema: Structural, path: string, object: JsonObject): readonly FieldError[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const child = schema.properties.get(name);
    if (child !== undefined) return checkListTypes(child, childPath(path, name), value);
    const { additional } = schema;
    return additional?.schema === undefined
      ? []
      : checkListTypes(additional.schema, `${path}[${name}]`, value);
  });
}

function checkList(schema: Structural, path: string, items: JsonArray): readonly FieldError[] {
  const { items: itemSchema } = schema;
  const within =
    itemSchema === undefined
      ? []
      : items.flatMap((item, i) => checkListTypes(itemSchema, `${path}[${i}]`, item));
  if (schema.listType !== "set" && schema.listType !== "map") return within;
  if (schema.listType === "map") {
    const wrong = items.findIndex((item) => item !== null && !isJsonObject(item));
    const detail = "must be an object for an array of list-type map";
    if (wrong >= 0) return [invalid(`${path}[${wrong}]`, items[wrong], detail), ...within];
  }
  const identities = items.map((item) => (schema.listType === "set" ? item : keysOf(schema, item)));
  return [...duplicatesIn(path, identities), ...within];
}

function keysOf(schema: Structural, item: JsonValue): JsonObject {
  if (!isJsonObject(item)) return {};
  return Object.fromEntries(
    schema.listKeys.filter((key) => item[key] !== undefined).map((key) => [key, item[key]]),
  );
}

/** Each value that is there more than once is told where it comes the second time. */
function duplicatesIn(path: string, identities: readonly JsonValue[]): readonly FieldError[] {
  const seen = new Map<string, number>();
  return identities.flatMap((identity, i) => {
    const text = canonicalJson(identity);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2 ? [duplicate(`${path}[${i}]`, identity)] : [];
  });
}
