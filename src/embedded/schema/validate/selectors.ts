import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, itemsOf, named } from "./checks.ts";
import { forbidden, invalid, required } from "./field-errors.ts";
import { isLabelKey, isLabelValue } from "./names.ts";
import { textOf } from "../text-of.ts";

/** A map of labels that select, or that are given: keys, then values. */
export function checkLabelMap(path: string, labels: JsonValue | undefined): readonly FieldError[] {
  if (!isJsonObject(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) => [
    ...named(path, key, isLabelKey),
    ...named(path, textOf(value), isLabelValue),
  ]);
}

export function checkLabelSelector({ path, value }: At): readonly FieldError[] {
  return [
    ...checkLabelMap(`${path}.matchLabels`, value["matchLabels"]),
    ...itemsOf(value, "matchExpressions", path).flatMap((expression) => checkExpression(expression)),
  ];
}

function checkExpression({ path, value }: At): readonly FieldError[] {
  const operator = viewString(value, "operator") ?? "";
  const values = viewArray(value, "values");
  const errors: FieldError[] = [];
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    }
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) {
      errors.push(
        forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      );
    }
  } else errors.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  errors.push(...named(`${path}.key`, viewString(value, "key") ?? "", isLabelKey));
  return [
    ...errors,
    ...values.flatMap((item, i) => named(`${path}.values[${i}]`, textOf(item), isLabelValue)),
  ];
}

export function isEmptySelector(selector: JsonObject): boolean {
  return (
    Object.keys(viewObject(selector, "matchLabels")).length === 0 &&
    viewArray(selector, "matchExpressions").length === 0
  );
}

/** True when a LabelSelector that is right selects an object with the labels. */
export function selects(selector: JsonObject, labels: JsonObject): boolean {
  const matches = Object.entries(viewObject(selector, "matchLabels")).every(
    ([key, value]) => labels[key] === value,
  );
  return matches && viewArray(selector, "matchExpressions").every((expression) => fits(expression, labels));
}

function fits(expression: JsonValue, labels: JsonObject): boolean {
  const value = labels[viewString(expression, "key") ?? ""];
  const values = viewArray(expression, "values");
  switch (viewString(expression, "operator") ?? "") {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}
