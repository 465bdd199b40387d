import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";
import { pruneUnknown } from "../schema/custom/prune.ts";
import { structuralOf } from "../schema/custom/structural.ts";
import { validateValue } from "../schema/custom/validate-value.ts";
import type { FieldError } from "../schema/rules.ts";
import { invalid } from "../schema/validate/field-errors.ts";
import { childrenOf } from "./schema-children.ts";

/** Defaults that have fields that the schema does not know, or are not what it allows. */
export function checkDefaults(schema: JsonObject, path: string): readonly FieldError[] {
  return [
    ...checkDefault(schema, `${path}.default`),
    ...childrenOf(schema, path).flatMap(([at, child]) => checkDefaults(child, at)),
  ];
}

function checkDefault(schema: JsonObject, path: string): readonly FieldError[] {
  const value = schema["default"];
  if (value === undefined) return [];
  if (isJsonObject(value) && pruneUnknown(structuralOf(schema), value).removed.length > 0) {
    return [invalid(path, value, "must not have unknown fields")];
  }
  return validateValue(schema, { path: "", value }).map((error) => ({
    ...error,
    field: error.field === "" || error.field === "<nil>" ? path : `${path}.${error.field}`,
  }));
}
