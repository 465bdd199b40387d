import { dirname } from "node:path";
import { messageOf, MooringError } from "#core/errors/index.ts";

/** SQLite's primary result codes; the extended ones have more in their higher bits. */
const [locked, corrupt, notADatabase] = [5, 11, 26];

function resultCodeOf(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}

function configError(message: string, cause: unknown): MooringError {
  return new MooringError("CONFIG_INVALID", message, { cause });
}

/** It must never be taken for a new cluster: all that was in it would be gone, and whoever reads it would act on that. */
export function damagedError(file: string, reason: string, cause?: unknown): MooringError {
  const fix =
    "restore it from a backup, or move it and the files beside it away to start with an empty cluster";
  return configError(`file ${file}: is damaged: ${reason}; ${fix}`, cause);
}

/** What went wrong while a cluster's file was opened or read. */
export function openingError(file: string, error: unknown): MooringError {
  if (error instanceof MooringError) return error;
  const directory = dirname(file);
  const code = resultCodeOf(error);
  if (code === corrupt || code === notADatabase) return damagedError(file, messageOf(error), error);
  const what =
    code === locked
      ? "another process keeps its cluster there; end it, or name another"
      : `cannot hold a cluster: ${messageOf(error)}; name one that can be written to`;
  return configError(`directory ${directory}: ${what}`, error);
}

export function writingError(file: string, error: unknown): MooringError {
  const message = `file ${file}: cannot be written: ${messageOf(error)}; free space on its disk, or repair it`;
  return new MooringError("KUBE_SERVER", message, { cause: error });
}
