import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MooringError } from "#core/errors/index.ts";

const maxSlots = 64;

/** A subdirectory that no other process uses until it is disposed. */
export interface DirectorySlot extends Disposable {
  readonly directory: string;
}

/**
 * The lock is SQLite's own: the kernel drops it when the process ends, however it ends, and it holds between containers that
 * share a volume. A file with a process id would do neither.
 */
function tryLock(path: string): DatabaseSync | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    const locked = error instanceof Error && "errcode" in error && error.errcode === 5;
    if (locked) return undefined;
    throw error;
  }
}

/**
 * Takes the first free subdirectory. Two processes with the same directory so have mirrors of their own instead of one of
 * them failing or both writing to one; a process that starts again finds the mirrors of the last one.
 */
export function openDirectorySlot(directory: string): DirectorySlot {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (let slot = 0; slot < maxSlots; slot += 1) {
      const lock = tryLock(join(directory, `slot-${slot}.lock`));
      if (lock === undefined) continue;
      const slotDirectory = join(directory, `slot-${slot}`);
      mkdirSync(slotDirectory, { recursive: true, mode: 0o700 });
      return { directory: slotDirectory, [Symbol.dispose]: () => lock.close() };
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `directory ${directory}: cannot hold Git mirrors: ${reason}; name one that can be written to`;
    throw new MooringError("CONFIG_INVALID", message, { cause: error });
  }
  throw new MooringError(
    "CONFIG_INVALID",
    `directory ${directory}: ${maxSlots} processes use it; name another`,
  );
}
