import { DatabaseSync } from "node:sqlite";
import type {
  AuditPage,
  AuditQuery,
  AuditReader,
  AuditRecord,
  StoredAuditRecord,
} from "#ports/audit-store.ts";
import { assertSchema } from "./audit-schema.ts";
import { formatCursor, selectRecords } from "./audit-select.ts";
import { attempt, storeError } from "./store-error.ts";

/** How long another process on the same file is waited for, in which this one stands still. */
export const busyMs = 200;

/** Opens a file to read it, also while a server writes to it. Throws CONFIG_INVALID and STORE_UNAVAILABLE. */
export function openSqliteAuditReader(file: string): AuditReader {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: busyMs });
    try {
      assertSchema(database, file);
    } catch (error) {
      database.close();
      throw error;
    }
    return {
      list: (query) => attempt(file, "read", () => readPage(database, query)),
      [Symbol.asyncDispose]: () => Promise.resolve(database.close()),
    };
  } catch (error) {
    throw storeError(file, "read", error);
  }
}

/** The records of a query, newest first. Throws SQLite's errors, and API_INVALID_ARGUMENT. */
export function readPage(database: DatabaseSync, query: AuditQuery): AuditPage {
  const { sql, values } = selectRecords(query);
  const rows = database.prepare(sql).all(...values) as unknown as readonly Row[];
  const records = rows
    .slice(0, query.limit)
    .map(({ id, record }): StoredAuditRecord => ({ ...(JSON.parse(record) as AuditRecord), id }));
  const last = records.at(-1);
  return { records, next: rows.length > query.limit && last !== undefined ? formatCursor(last) : undefined };
}

interface Row {
  readonly id: number;
  readonly record: string;
}
