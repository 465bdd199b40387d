import type { JsonArray, JsonObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewNumber, viewObject } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { invalid, required, tooMany } from "../validate/field-errors.ts";
import { bodyOf, childPath, type Located, type Validate } from "./located.ts";

/** The items by their schema, then how many there are and whether two are equal. */
export function checkItems(
  schema: JsonObject,
  at: Located & { readonly value: JsonArray },
  validate: Validate,
): readonly FieldError[] {
  const { path, value: items } = at;
  const itemSchema = schema["items"];
  const errors = isJsonObject(itemSchema)
    ? items.flatMap((value, i) => validate(itemSchema, { path: `${path}[${i}]`, value }))
    : [];
  const [min, max] = [viewNumber(schema, "minItems"), viewNumber(schema, "maxItems")];
  if (min !== undefined && items.length < min) {
    errors.push(invalid(path, items.length, `${bodyOf(path)} should have at least ${min} items`));
  }
  if (max !== undefined && items.length > max) errors.push(tooMany(path, items.length, max));
  if (schema["uniqueItems"] === true && hasDuplicates(items)) {
    errors.push(invalid(path, "", `${bodyOf(path)} shouldn't contain duplicates`));
  }
  return errors;
}

function hasDuplicates(items: JsonArray): boolean {
  return items.some((item, i) => items.findIndex((other) => jsonEqual(item, other)) < i);
}

/** How many fields there are, each by its schema, and those that are missing. */
export function checkProperties(
  schema: JsonObject,
  at: Located & { readonly value: JsonObject },
  validate: Validate,
): readonly FieldError[] {
  const { path, value } = at;
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  const errors = checkCount(schema, path, names.length);
  const properties = viewObject(schema, "properties");
  const additional = schema["additionalProperties"];
  for (const name of names) {
    const property = Object.hasOwn(properties, name) ? properties[name] : additional;
    const child = { path: childPath(path, name), value: value[name] ?? null };
    if (isJsonObject(property)) errors.push(...validate(property, child));
    else if (property === false)
      errors.push(invalid(path, "", `${path}.${name} in body is a forbidden property`));
  }
  for (const name of viewArray(schema, "required")) {
    if (typeof name === "string" && value[name] === undefined) errors.push(required(childPath(path, name)));
  }
  return errors;
}

function checkCount(schema: JsonObject, path: string, count: number): FieldError[] {
  const [min, max] = [viewNumber(schema, "minProperties"), viewNumber(schema, "maxProperties")];
  const errors: FieldError[] = [];
  if (min !== undefined && count < min) {
    errors.push(invalid(path, count, `${bodyOf(path)} should have at least ${min} properties`));
  }
  if (max !== undefined && count > max) errors.push(tooMany(path, count, max));
  return errors;
}
