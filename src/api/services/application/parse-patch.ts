import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { parseJson } from "../../contract/codec/index.ts";

/** The value of a patch that a request holds as text. Throws API_INVALID_ARGUMENT that names the field. */
export function parsePatch(text: string, field: string): JsonValue {
  try {
    return parseJson(text);
  } catch (error) {
    throw new MooringError("API_INVALID_ARGUMENT", `${field}: is not JSON; correct it`, { cause: error });
  }
}
