import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, viewArray } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type Located, pathless, type Validate } from "./located.ts";

/** `anyOf`, `oneOf`, `allOf` and `not`. */
export function checkCombinations(
  schema: JsonObject,
  at: Located,
  validate: Validate,
): readonly FieldError[] {
  const results = (keyword: string): Results =>
    viewArray(schema, keyword).flatMap((item) => (isJsonObject(item) ? [validate(item, at)] : []));
  const errors = [
    ...checkAnyOf(results("anyOf"), at),
    ...checkOneOf(results("oneOf"), at),
    ...checkAllOf(results("allOf"), at),
  ];
  const not = schema["not"];
  if (!isJsonObject(not) || validate(not, at).length > 0) return errors;
  return [...errors, pathless(`${JSON.stringify(at.path)} must not validate the schema (not)`)];
}

/** The errors by each of the alternatives. */
type Results = readonly (readonly FieldError[])[];

function checkAnyOf(results: Results, at: Located): readonly FieldError[] {
  if (results.length === 0 || results.some((errors) => errors.length === 0)) return [];
  return [
    pathless(`${JSON.stringify(at.path)} must validate at least one schema (anyOf)`),
    ...fewest(results),
  ];
}

function checkOneOf(results: Results, at: Located): readonly FieldError[] {
  const valid = results.filter((errors) => errors.length === 0).length;
  if (results.length === 0 || valid === 1) return [];
  const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
  const error = pathless(
    `${JSON.stringify(at.path)} must validate one and only one schema (oneOf). ${found}`,
  );
  return valid === 0 ? [error, ...fewest(results)] : [error];
}

function checkAllOf(results: Results, at: Located): readonly FieldError[] {
  const valid = results.filter((errors) => errors.length === 0).length;
  if (valid === results.length) return [];
  const none = valid === 0 ? ". None validated" : "";
  return [
    ...results.flat(),
    pathless(`${JSON.stringify(at.path)} must validate all the schemas (allOf)${none}`),
  ];
}

/** What is wrong by the alternative that is nearest to the value. */
function fewest(results: Results): readonly FieldError[] {
  return results.reduce((best, errors) => (errors.length < best.length ? errors : best));
}
