import type { JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject } from "#core/object/index.ts";

/** A JSON value as expressions see one of which no schema is known: whole numbers are ints, objects are maps by their fields' names. */
export function untypedValue(value: JsonValue): unknown {
  if (isJsonArray(value)) return value.map((item) => untypedValue(item));
  if (isJsonObject(value)) {
    return new Map(
      Object.entries(value).flatMap(([name, field]) =>
        field === undefined ? [] : [[name, untypedValue(field)] as const],
      ),
    );
  }
  return Number.isSafeInteger(value) ? BigInt(value as number) : value;
}
