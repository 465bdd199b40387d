import { chmodSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Keeps a directory to this process until it is disposed. The lock is SQLite's own: the kernel drops it however the process ends,
 * and it holds between containers that share a volume. Taken before anything is looked at, it lets only one create the files. Throws
 * SQLite's error when another process has it.
 */
export function lockDirectory(directory: string): Disposable {
  const file = join(directory, "cluster.lock");
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    // By its path: to open the file and close it would drop the lock.
    chmodSync(file, 0o600);
  } catch (error) {
    database.close();
    throw error;
  }
  return { [Symbol.dispose]: () => database.close() };
}
