import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonObject } from "#core/object/index.ts";

/** A copy of one object that may be changed until it is handed on; what it holds stays read-only. */
export type Draft = Record<string, JsonValue | undefined>;

/** Fills in what one Go struct's defaulting function does. */
export type Defaulter = (draft: Draft) => void;

/** A field that is absent counts like one with an empty text, as in Go. */
export function isUnset(value: JsonValue | undefined): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** Sets the fields that are unset. */
export function fill(draft: Draft, values: JsonObject): void {
  for (const [name, value] of Object.entries(values)) {
    if (isUnset(draft[name])) draft[name] = value;
  }
}

/** A defaulter of values that depend on nothing. */
export function filling(values: JsonObject): Defaulter {
  return (draft) => fill(draft, values);
}

/** A copy of an object field to change; it is put into the draft. */
export function open(draft: Draft, field: string): Draft {
  const value = draft[field];
  const opened: Draft = isJsonObject(value) ? { ...value } : {};
  draft[field] = opened;
  return opened;
}
