import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDirectory } from "./cache.ts";
import type { CacheArea, ResolveOptions } from "./programs.ts";

const retryMs = 500;

/**
 * Holds the one lock of an area of the cache until disposed. It is an SQLite file lock: the kernel lets go of it
 * when its process ends, however it ends, so a lock is never stale.
 */
export async function holdBuildLock(
  { progress, signal }: ResolveOptions,
  area: CacheArea = "control-plane",
): Promise<Disposable> {
  const directory = cacheDirectory(area);
  await mkdir(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, "build.lock"));
  let waiting = false;
  while (!tryLock(database)) {
    if (!waiting) progress(`waiting for another build of the ${area} to end`);
    waiting = true;
    await sleep(retryMs, undefined, signal === undefined ? {} : { signal });
  }
  return { [Symbol.dispose]: () => database.close() };
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.includes("database is locked")) return false;
    throw error;
  }
}
