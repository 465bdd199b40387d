import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewArray, viewString } from "#core/object/index.ts";
import type { ClusterAllocations } from "../complete/prepare/prepare.ts";
import type { FieldError, WriteCheck } from "../rules.ts";
import { invalid, notSupported, required } from "./field-errors.ts";
import type { NameCheck } from "./names.ts";
import { textOf } from "../text-of.ts";

/** What is wrong with objects of one kind, beyond their metadata. */
export type KindCheck = (write: WriteCheck, cluster: ClusterAllocations) => readonly FieldError[];

/** A value and where it is. */
export interface At<Value = JsonObject> {
  readonly path: string;
  readonly value: Value;
}

/** Each thing that is wrong with a text, as an error of its own. */
export function named(path: string, text: string, check: NameCheck): readonly FieldError[] {
  return check(text).map((detail) => invalid(path, text, detail));
}

/** A text that has to be there and to fit. */
export function requiredName(
  path: string,
  text: string | undefined,
  check: NameCheck,
): readonly FieldError[] {
  return text === undefined || text === "" ? [required(path)] : named(path, text, check);
}

/** A text that has to be there. */
export function present(path: string, text: string | undefined): readonly FieldError[] {
  return text === undefined || text === "" ? [required(path)] : [];
}

/** One of the values that a field supports; absent is right. */
export function supported(
  path: string,
  value: JsonValue | undefined,
  values: readonly string[],
): readonly FieldError[] {
  return value === undefined || values.includes(textOf(value)) ? [] : [notSupported(path, value, values)];
}

export function atLeast(path: string, value: JsonValue | undefined, min: 0 | 1): readonly FieldError[] {
  if (typeof value !== "number" || value >= min) return [];
  return [invalid(path, value, min === 0 ? "must be greater than or equal to 0" : "must be greater than 0")];
}

export function between(
  path: string,
  value: JsonValue | undefined,
  range: readonly [number, number],
): readonly FieldError[] {
  if (typeof value !== "number" || (value >= range[0] && value <= range[1])) return [];
  return [invalid(path, value, `must be between ${range[0]} and ${range[1]}, inclusive`)];
}

export const ports: readonly [number, number] = [1, 65_535];
export const ids: readonly [number, number] = [0, 2 ** 31 - 1];

/** A number, or the name of one. */
export function portOrName(
  path: string,
  value: JsonValue | undefined,
  isName: NameCheck,
): readonly FieldError[] {
  if (typeof value === "string") return named(path, value, isName);
  return between(path, value ?? 0, ports);
}

/** The items of a list that are objects, with their paths. */
export function itemsOf(parent: JsonValue | undefined, field: string, path: string): readonly At[] {
  return viewArray(parent, field).flatMap((value, i) =>
    isJsonObject(value) ? [{ path: `${path === "" ? "" : `${path}.`}${field}[${i}]`, value }] : [],
  );
}

/** A field of an object that is an object, with its path; undefined where it is none. */
export function fieldAt({ path, value }: At, field: string): At | undefined {
  const found = value[field];
  return isJsonObject(found) ? { path: path === "" ? field : `${path}.${field}`, value: found } : undefined;
}

export function text(value: JsonValue | undefined, field: string): string {
  return viewString(value, field) ?? "";
}
