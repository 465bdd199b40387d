import type { JsonValue } from "#core/object/index.ts";

/** A value as text: a text as it is, anything else as its JSON. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
