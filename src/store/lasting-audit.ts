import { existsSync, renameSync } from "node:fs";
import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { AuditPage, AuditQuery, AuditRecord, AuditStore } from "#ports/audit-store.ts";
import type { Log } from "#runtime/log.ts";
import type { SqliteAuditOptions } from "./sqlite-audit.ts";
import { openSqliteAudit } from "./sqlite-audit.ts";
import { isDamage, storeError } from "./store-error.ts";

export interface LastingAuditOptions extends SqliteAuditOptions {
  readonly log: Log;
}

/** A store that is there whatever becomes of its file. */
export interface LastingAudit extends AuditStore {
  /** Where the file was put that was found damaged; undefined while none was. */
  readonly setAside: () => string | undefined;
}

/** How often a file that cannot be opened is tried again. */
const retryMs = 10_000;

/**
 * Audit records for a server that is to start and go on without them where it must. A damaged file is moved aside, where somebody may mend it,
 * and a new one begun. One that cannot be opened, such as on a full disk or of a newer version, stays as it is and is tried again: until then
 * records are refused with what is wrong.
 */
class SqliteLastingAudit implements LastingAudit {
  readonly #options: LastingAuditOptions;
  #store: AuditStore | undefined;
  #failed: { readonly error: unknown; readonly atMs: number } | undefined;
  #setAside: string | undefined;
  #isOver = false;

  constructor(options: LastingAuditOptions) {
    this.#options = options;
    this.#open();
  }

  setAside(): string | undefined {
    return this.#setAside;
  }

  async append(record: AuditRecord): Promise<void> {
    const store = this.#opened();
    try {
      await store.append(record);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#close();
      this.#moveAside(error);
      await this.#opened().append(record);
    }
  }

  list(query: AuditQuery): Promise<AuditPage> {
    return Promise.try(() => this.#opened().list(query));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#close();
  }

  /** Throws what the file cannot be opened for. */
  #opened(): AuditStore {
    if (this.#store === undefined && !this.#isOver && this.#isTime()) this.#open();
    if (this.#store !== undefined) return this.#store;
    throw this.#failed?.error;
  }

  #isTime(): boolean {
    return this.#failed === undefined || this.#options.clock.now() - this.#failed.atMs >= retryMs;
  }

  #open(): void {
    const { file, clock, log } = this.#options;
    try {
      this.#store = this.#openOrReplace();
      this.#failed = undefined;
    } catch (error) {
      if (!isMooringError(error)) throw error;
      if (this.#failed === undefined) {
        const until = "they are, requests go on, and this log has them";
        log.error("audit records are not kept", { file, error: messageOf(error), until });
      }
      this.#failed = { error, atMs: clock.now() };
    }
  }

  #openOrReplace(): AuditStore {
    try {
      return openSqliteAudit(this.#options);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#moveAside(error);
      return openSqliteAudit(this.#options);
    }
  }

  /** With what SQLite has not written back into the file yet. */
  #moveAside(error: unknown): void {
    const { file, clock, log } = this.#options;
    const at = new Date(clock.now()).toISOString().replaceAll(/[:.]/gu, "-");
    const aside = `${file}.damaged-${at}`;
    try {
      for (const end of ["-wal", "-shm", ""]) if (existsSync(file + end)) renameSync(file + end, aside + end);
    } catch (cannotMove) {
      throw storeError(file, "written", cannotMove);
    }
    this.#setAside = aside;
    log.error("the audit's file is damaged; it was moved aside, and a new one begun", {
      file,
      movedTo: aside,
      error: messageOf(error),
      fix: "records from before are in the moved file: mend it with `sqlite3 … .recover`, or delete it",
    });
  }

  async #close(): Promise<void> {
    const store = this.#store;
    this.#store = undefined;
    await store?.[Symbol.asyncDispose]();
  }
}

/** Never throws for what is wrong with the file: that is in the log, and in what `append` and `list` throw. */
export function openLastingAudit(options: LastingAuditOptions): LastingAudit {
  return new SqliteLastingAudit(options);
}
