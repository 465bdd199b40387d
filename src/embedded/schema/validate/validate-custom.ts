import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, viewPath } from "#core/object/index.ts";
import { checkRulesInTime } from "../custom/cel/check-in-time.ts";
import { checkListTypes } from "../custom/list-types.ts";
import { structuralOf } from "../custom/structural.ts";
import { validateValue } from "../custom/validate-value.ts";
import type { FieldError, WriteCheck } from "../rules.ts";
import { invalid } from "./field-errors.ts";

const unchecked =
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/** Errors after which the values may not be what the rules take them for. */
const blocking: ReadonlySet<string> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

/** What is wrong with a custom object by its schema and the rules in it; `earlier` is what is known to be wrong already. */
export function validateCustom(write: WriteCheck, earlier: readonly FieldError[]): readonly FieldError[] {
  const { kind, next, live } = write;
  const { openAPI } = kind;
  if (openAPI === undefined) return [];
  const schema = structuralOf(openAPI);
  const errors = [
    ...validateValue(openAPI, { path: "", value: next }),
    ...checkListTypes(schema, "", next),
    ...checkScale(write),
  ];
  if ([...earlier, ...errors].some(({ reason }) => blocking.has(reason))) {
    return hasRules(openAPI) ? [...errors, invalid("<nil>", undefined, unchecked)] : errors;
  }
  return [...errors, ...checkRulesInTime(schema, next, live)];
}

/** Whether a schema holds rules that could not be checked. */
function hasRules(schema: JsonValue | undefined): boolean {
  if (isJsonArray(schema)) return schema.some((each) => hasRules(each));
  if (!isJsonObject(schema)) return false;
  return (
    schema["x-kubernetes-validations"] !== undefined || Object.values(schema).some((each) => hasRules(each))
  );
}

function checkScale({ kind, next }: WriteCheck): readonly FieldError[] {
  const { scale } = kind;
  if (scale === undefined) return [];
  return [scale.specReplicas, scale.statusReplicas].flatMap((path) => checkReplicas(next, path));
}

function checkReplicas(object: JsonObject, path: readonly string[]): readonly FieldError[] {
  const replicas = viewPath(object, ...path);
  const field = `.${path.join(".")}`;
  if (typeof replicas !== "number") return [];
  if (replicas < 0) return [invalid(field, replicas, "should be a non-negative integer")];
  const max = 2 ** 31 - 1;
  return replicas > max ? [invalid(field, replicas, `should be less than or equal to ${max}`)] : [];
}
