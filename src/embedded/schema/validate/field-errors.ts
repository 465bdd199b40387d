import type { JsonValue } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";

/** Field errors in the API server's words; each is a function of the path and what is wrong. */
export function required(field: string, detail = ""): FieldError {
  return { field, reason: "FieldValueRequired", message: withDetail("Required value", detail) };
}

export function invalid(field: string, value: JsonValue | undefined, detail: string): FieldError {
  return {
    field,
    reason: "FieldValueInvalid",
    message: withDetail(`Invalid value: ${formatValue(value)}`, detail),
  };
}

/** A value of the wrong type. */
export function typeInvalid(field: string, value: JsonValue | undefined, detail: string): FieldError {
  return { ...invalid(field, value, detail), reason: "FieldValueTypeInvalid" };
}

export function notSupported(
  field: string,
  value: JsonValue | undefined,
  supported: readonly string[],
): FieldError {
  const values = supported.map((item) => JSON.stringify(item)).join(", ");
  const message = withDetail(
    `Unsupported value: ${formatValue(value)}`,
    values === "" ? "" : `supported values: ${values}`,
  );
  return { field, reason: "FieldValueNotSupported", message };
}

export function duplicate(field: string, value: JsonValue): FieldError {
  return { field, reason: "FieldValueDuplicate", message: `Duplicate value: ${formatValue(value)}` };
}

export function forbidden(field: string, detail: string): FieldError {
  return { field, reason: "FieldValueForbidden", message: withDetail("Forbidden", detail) };
}

export function notFound(field: string, value: JsonValue): FieldError {
  return { field, reason: "FieldValueNotFound", message: `Not found: ${formatValue(value)}` };
}

export function tooLong(field: string, maxBytes: number): FieldError {
  const unit = maxBytes === 1 ? "byte" : "bytes";
  return {
    field,
    reason: "FieldValueTooLong",
    message: `Too long: may not be more than ${maxBytes} ${unit}`,
  };
}

export function tooMany(field: string, actual: number, max: number): FieldError {
  const unit = max === 1 ? "item" : "items";
  return {
    field,
    reason: "FieldValueTooMany",
    message: `Too many: ${actual}: must have at most ${max} ${unit}`,
  };
}

function withDetail(message: string, detail: string): string {
  return detail === "" ? message : `${message}: ${detail}`;
}

/** Go prints texts quoted, numbers as they are, everything else as JSON. */
function formatValue(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? null);
}
