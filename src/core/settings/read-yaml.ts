import { messageOf, MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";

/** Text to value; throws when it is not YAML. */
export type ParseYaml = (text: string) => unknown;

/** Throws CONFIG_INVALID. */
export function readYaml(text: string, parseYaml: ParseYaml): JsonValue {
  try {
    return parseYaml(text) as JsonValue;
  } catch (error) {
    throw wrong(`it is not YAML: ${messageOf(error).split("\n", 1)[0]}`, error);
  }
}

export function wrong(message: string, cause?: unknown): MooringError {
  return new MooringError("CONFIG_INVALID", message, { cause });
}
