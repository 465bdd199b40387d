import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openClusterFile } from "./cluster-file.ts";
import { lockDirectory } from "./directory-lock.ts";
import { flushBehind } from "./flush-behind.ts";
import { JournaledStore } from "./journaled-store.ts";
import { firstRevision, type MemoryStoreOptions, resolveLogLimits } from "./memory-store.ts";
import { type ReadCluster, readCluster } from "./read-cluster.ts";
import { SqliteJournal } from "./sqlite-journal.ts";
import { openingError } from "./storage-error.ts";
import type { Store } from "./store.ts";

export interface SqliteStoreOptions extends MemoryStoreOptions {
  /** Made when it is missing; no other process may use it. */
  readonly directory: string;
}

/**
 * A power failure may have taken the last writes away, and clients may have seen their revisions. Given out again, these would
 * make a stale update look like a fresh one, and a watch would wait for events that are long past. More than can be lost: SQLite
 * flushes its log at least every thousand pages.
 */
const revisionsSkipped = 100_000;

/** Where the revisions go on. It is on the disk before the first write, as it is what a second failure in a row starts from. */
function startRevision(database: DatabaseSync, { revision, clean }: ReadCluster): number {
  const start = clean ? revision : revision + revisionsSkipped;
  database.exec("PRAGMA synchronous = FULL");
  database.prepare("UPDATE cluster SET revision = ?, clean = 0").run(start);
  database.exec("PRAGMA synchronous = NORMAL");
  return start;
}

/**
 * A cluster in `<directory>/cluster.db`. A write that has returned survives the end of the process, however it ends; a power
 * failure takes at most the writes of the last moments. Events do not survive: to clients a restart is a compaction. Throws
 * CONFIG_INVALID when the directory cannot be used, is in use or is damaged; writes throw KUBE_SERVER, and change nothing, when
 * the disk refuses them.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { directory } = options;
  const file = join(directory, "cluster.db");
  const resources = new DisposableStack();
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    resources.use(lockDirectory(directory));
    const database = resources.adopt(openClusterFile(file, firstRevision), (opened) => opened.close());
    const cluster = readCluster(database, file);
    const revision = startRevision(database, cluster);
    const flush = resources.use(flushBehind(`${file}-wal`));
    return new JournaledStore({
      journal: new SqliteJournal({ database, file, flush, resources }),
      objects: cluster.objects,
      revision,
      compacted: revision,
      limits: resolveLogLimits(options),
    });
  } catch (error) {
    resources.dispose();
    throw openingError(file, error);
  }
}
