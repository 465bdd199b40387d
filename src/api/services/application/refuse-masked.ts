import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { findPlaceholder, hasPlaceholder } from "#core/redact/index.ts";

/** Throws API_INVALID_ARGUMENT when what is to be stored holds what was shown in place of a hidden value: the value would be lost. */
export function refuseMasked(field: string, value: JsonValue): void {
  const path = findPlaceholder(value);
  if (path !== undefined) throw masked([field, path].filter((one) => one !== "").join("."));
}

/** The same for a manifest as JSON or YAML. */
export function refuseMaskedText(field: string, text: string): void {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    if (hasPlaceholder(text)) throw masked(field);
    return;
  }
  refuseMasked(field, value);
}

function masked(where: string): MooringError {
  return new MooringError(
    "API_INVALID_ARGUMENT",
    `${where}: is a hash that was shown in place of a hidden value; leave the field out, or give the value`,
  );
}
