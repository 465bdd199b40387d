import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";

const kinds = { string: "a text", number: "a number", boolean: "a boolean" } as const;

/** API_INVALID_ARGUMENT for a field that holds something else than it must. The value itself is not repeated: it may be secret. */
export function invalidField(path: string, wanted: string, value: JsonValue | undefined): MooringError {
  return new MooringError("API_INVALID_ARGUMENT", `${path}: must be ${wanted}, not ${kindOf(value)}`);
}

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return kinds[typeof value as keyof typeof kinds];
}
