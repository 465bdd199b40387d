import { MooringError } from "#core/errors/index.ts";

/** A command line that cannot be run as it stands. */
export function usageError(message: string, cause?: unknown): MooringError {
  return new MooringError("CLI_USAGE", message, cause === undefined ? {} : { cause });
}
