import type { JsonObject } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual, viewArray } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { notSupported } from "../validate/field-errors.ts";
import { checkNumber, checkText } from "./scalar-checks.ts";
import { checkItems, checkProperties } from "./collection-checks.ts";
import { checkCombinations } from "./combinations.ts";
import type { Located } from "./located.ts";
import { checkType } from "./type-check.ts";

/** What is wrong with a value by its OpenAPI v3 schema, in the words of the API server's validator. */
export function validateValue(schema: JsonObject, at: Located): readonly FieldError[] {
  const errors: FieldError[] = [...checkType(schema, at)];
  const { value } = at;
  if (value === null) return [...errors, ...checkEnum(schema, at)];
  errors.push(...checkCombinations(schema, at, validateValue));
  if (typeof value === "string") errors.push(...checkText(schema, at.path, value));
  if (typeof value === "number") errors.push(...checkNumber(schema, at.path, value));
  if (isJsonArray(value)) errors.push(...checkItems(schema, { path: at.path, value }, validateValue));
  errors.push(...checkEnum(schema, at));
  if (isJsonObject(value)) errors.push(...checkProperties(schema, { path: at.path, value }, validateValue));
  return errors;
}

function checkEnum(schema: JsonObject, { path, value }: Located): readonly FieldError[] {
  const allowed = viewArray(schema, "enum");
  if (allowed.length === 0 || allowed.some((item) => jsonEqual(item, value))) return [];
  const texts = allowed.map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
  return [notSupported(path, value, texts)];
}
