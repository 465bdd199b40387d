import type { DatabaseSync } from "node:sqlite";
import { MooringError } from "#core/errors/index.ts";

/** "MrAu": tells our files from other people's databases. */
const applicationId = 0x4d_72_41_75;

/**
 * What makes a file of each version one of the next. A published one is never changed. Columns are what is searched by; each index ends with
 * the time, so that a filter and a time are one look-up that is in order. Nothing but the limits takes a record out, and nothing changes one.
 */
const migrations: readonly string[] = [
  `CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time INTEGER NOT NULL,
    user TEXT NOT NULL,
    service TEXT NOT NULL,
    method TEXT NOT NULL,
    kind TEXT NOT NULL,
    project TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX records_by_time ON records (time);
  CREATE INDEX records_by_user ON records (user, time);
  CREATE INDEX records_by_method ON records (method, time);
  CREATE INDEX records_by_kind ON records (kind, time);
  CREATE INDEX records_by_project ON records (project, time);
  CREATE INDEX records_by_name ON records (name, time);
  CREATE INDEX records_by_outcome ON records (outcome, time);
  CREATE INDEX records_by_code ON records (code, time);
  CREATE TRIGGER records_stay BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'a record is never changed'); END;`,
  // What each share of the records takes, counted as they come and go: to add it up anew would be to read the whole file.
  `ALTER TABLE records ADD COLUMN share TEXT GENERATED ALWAYS AS (
    CASE WHEN json_array_length(record, '$.changes') > 0 THEN 'changed' ELSE outcome END
  ) VIRTUAL;
  ALTER TABLE records ADD COLUMN bytes INTEGER GENERATED ALWAYS AS (
    octet_length(record) + 400 + 4 * (octet_length(user) + octet_length(method) + octet_length(kind) + octet_length(project)
      + octet_length(namespace) + octet_length(name) + octet_length(code))
  ) VIRTUAL;
  CREATE INDEX records_by_share ON records (share, time);
  CREATE TABLE shares (share TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
  INSERT INTO shares SELECT share, SUM(bytes) FROM records GROUP BY share;
  CREATE TRIGGER records_counted AFTER INSERT ON records BEGIN
    INSERT INTO shares VALUES (NEW.share, NEW.bytes) ON CONFLICT (share) DO UPDATE SET bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER records_discounted AFTER DELETE ON records BEGIN
    UPDATE shares SET bytes = bytes - OLD.bytes WHERE share = OLD.share;
  END;`,
];

function readPragma(database: DatabaseSync, name: "application_id" | "user_version"): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** Makes a file of an older version, or an empty one, one of this version. Throws as `assertSchema` does. */
export function migrate(database: DatabaseSync, file: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = versionOf(database, file);
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Throws CONFIG_INVALID for a file that is not of this version. */
export function assertSchema(database: DatabaseSync, file: string): void {
  const version = versionOf(database, file);
  if (version === migrations.length) return;
  throw new MooringError(
    "CONFIG_INVALID",
    `file ${file}: is in format ${version} of an older Mooring; start the server on it once`,
  );
}

/** 0 for a file with nothing in it. */
function versionOf(database: DatabaseSync, file: string): number {
  const version = readPragma(database, "user_version");
  const isEmpty = database.prepare("SELECT 1 FROM sqlite_schema").get() === undefined;
  if (version === 0 && isEmpty) return 0;
  if (readPragma(database, "application_id") !== applicationId || typeof version !== "number") {
    throw new MooringError(
      "CONFIG_INVALID",
      `file ${file}: is a database of something else than audit records; move it away`,
    );
  }
  if (version > migrations.length) {
    throw new MooringError(
      "CONFIG_INVALID",
      `file ${file}: was written by a newer Mooring, in format ${version}; run that version`,
    );
  }
  return version;
}
