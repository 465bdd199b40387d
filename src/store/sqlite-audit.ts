import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import type { StatementSync } from "node:sqlite";
import { DatabaseSync } from "node:sqlite";
import type { AuditPage, AuditQuery, AuditRecord, AuditStore } from "#ports/audit-store.ts";
import type { Clock } from "#runtime/clock.ts";
import { migrate } from "./audit-schema.ts";
import { trimShares } from "./audit-shares.ts";
import { busyMs, readPage } from "./sqlite-audit-reader.ts";
import { attempt, storeError } from "./store-error.ts";

export interface AuditLimits {
  /** Records that are older are taken out. */
  readonly maxAgeMs: number;
  /** The oldest records of a kind are taken out when they take more than the kind's part of this. */
  readonly maxBytes: number;
}

export interface SqliteAuditOptions {
  readonly file: string;
  readonly limits: AuditLimits;
  readonly clock: Clock;
}

/** How often a file is looked at for what is over its limits: after so many records, and after this time. */
const trimEvery = 256;
const trimEveryMs = 3_600_000;
/** So many are taken out at once. */
const trimBatch = 1_000;

/**
 * Audit records in a file of SQLite. A record is in the kernel's hands before `append` resolves, so that a killed process loses none; what a
 * power failure takes away are the newest ones only. Other processes may read the file meanwhile, or write to it.
 */
class SqliteAudit implements AuditStore {
  readonly #options: SqliteAuditOptions;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  #untilTrim = trimEvery;
  #timer: Disposable;

  constructor(options: SqliteAuditOptions) {
    this.#options = options;
    this.#database = openForWriting(options.file);
    this.#insert = this.#database.prepare(
      `INSERT INTO records (time, user, service, method, kind, project, namespace, name, outcome, code, record)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#trim();
    this.#timer = this.#trimLater();
  }

  append(record: AuditRecord): Promise<void> {
    return attempt(this.#options.file, "written", () => {
      // Before, not after: a record that is kept is not to be told of as one that is not.
      if (this.#untilTrim <= 0) this.#trim();
      const { timeMs, user, target, outcome, code } = record;
      const [method = "", service = ""] = record.method.split("/").toReversed();
      const { kind, project, namespace, name } = target;
      const searched = [timeMs, user.name, service, method, kind, project, namespace, name, outcome, code];
      this.#insert.run(...searched, JSON.stringify(record));
      this.#untilTrim -= 1;
    });
  }

  list(query: AuditQuery): Promise<AuditPage> {
    return attempt(this.#options.file, "read", () => readPage(this.#database, query));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    if (this.#database.isOpen) this.#database.close();
    return Promise.resolve();
  }

  #trimLater(): Disposable {
    return this.#options.clock.after(trimEveryMs, () => {
      this.#timer = this.#trimLater();
      // A file that cannot be written is told of by the next record, which nobody is to miss.
      attempt(this.#options.file, "written", () => this.#trim()).catch(() => undefined);
    });
  }

  #trim(): void {
    this.#untilTrim = trimEvery;
    const { limits, clock } = this.#options;
    const tooOld = this.#database.prepare(
      "DELETE FROM records WHERE id IN (SELECT id FROM records WHERE time < ? ORDER BY time, id LIMIT ?)",
    );
    while (tooOld.run(clock.now() - limits.maxAgeMs, trimBatch).changes === trimBatch);
    trimShares(this.#database, limits.maxBytes);
  }
}

/** Opens a file for a server to keep its records in, or makes one. Throws CONFIG_INVALID and STORE_UNAVAILABLE. */
export function openSqliteAudit(options: SqliteAuditOptions): AuditStore {
  try {
    return new SqliteAudit(options);
  } catch (error) {
    throw storeError(options.file, "written", error);
  }
}

function openForWriting(file: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // Whoever else is on the machine has no business in it, from the first moment on.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: busyMs });
  try {
    migrate(database, file);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
