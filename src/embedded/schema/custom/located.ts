import type { JsonObject, JsonValue } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { invalid } from "../validate/field-errors.ts";

/** A value and where it is, from the object's root; the path is empty for the object. */
export interface Located {
  readonly path: string;
  readonly value: JsonValue;
}

/** Validates a value that is part of another. */
export type Validate = (schema: JsonObject, at: Located) => readonly FieldError[];

/** How the validator names a value: `spec.replicas in body`. */
export function bodyOf(path: string): string {
  return `${path} in body`;
}

export function childPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** An error that the validator gives without a field. */
export function pathless(detail: string): FieldError {
  return invalid("<nil>", "", detail);
}
