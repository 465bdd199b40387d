import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { FlushBehind } from "./flush-behind.ts";
import type { Journal } from "./journaled-store.ts";
import type { KeptObject } from "./kept-object.ts";
import { checksumOf } from "./read-cluster.ts";
import { writingError } from "./storage-error.ts";
import type { StoreKey } from "./store.ts";

interface SqliteJournalOptions {
  readonly database: DatabaseSync;
  readonly file: string;
  readonly flush: FlushBehind;
  /** What ends with the journal; the database is part of it. */
  readonly resources: DisposableStack;
}

/** Each write is one transaction of the database. */
export class SqliteJournal implements Journal {
  readonly #options: SqliteJournalOptions;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #advance: StatementSync;

  constructor(options: SqliteJournalOptions) {
    const { database } = options;
    this.#options = options;
    this.#put = database.prepare(`
      INSERT INTO objects (resource, namespace, name, revision, checksum, text) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET revision = excluded.revision, checksum = excluded.checksum, text = excluded.text`);
    this.#delete = database.prepare("DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?");
    this.#advance = database.prepare("UPDATE cluster SET revision = ?");
  }

  put({ key, revision, text }: KeptObject): void {
    const { resource, namespace, name } = key;
    this.#write(() => this.#put.run(resource, namespace, name, revision, checksumOf(key, text), text));
  }

  delete({ resource, namespace, name }: StoreKey, revision: number): void {
    const { database } = this.#options;
    this.#write(() => {
      database.exec("BEGIN");
      this.#delete.run(resource, namespace, name);
      this.#advance.run(revision);
      database.exec("COMMIT");
    });
  }

  close(revision: number): void {
    const { database, file, resources } = this.#options;
    if (resources.disposed) return;
    try {
      database.exec("PRAGMA synchronous = FULL");
      database.prepare("UPDATE cluster SET revision = ?, clean = 1").run(revision);
    } catch (error) {
      throw writingError(file, error);
    } finally {
      resources.dispose();
    }
  }

  #write(change: () => void): void {
    const { database, file, flush } = this.#options;
    try {
      flush.assertFlushed();
      change();
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
      throw writingError(file, error);
    }
    flush.request();
  }
}
