import { chmodSync, closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AppKey } from "#core/app/index.ts";
import type { DriftedObject } from "#core/timeline/index.ts";
import type { Delivery } from "#core/delivery/index.ts";
import type { DriftNews, StoredDrift, Timeline, TimelineOwner, TimelineStore } from "#ports/timeline.ts";
import { messageOf } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { attempt } from "./store-error.ts";
import { deliveriesSchema, prepareDeliveries } from "./timeline-deliveries.ts";

interface TimelineLimits {
  /** Of each application. */
  readonly maxDrifts: number;
  readonly maxDeliveries: number;
  /** Of all applications together. */
  readonly maxAllDeliveries: number;
  readonly maxAgeMs: number;
}

export interface SqliteTimelineOptions {
  readonly file: string;
  readonly limits: TimelineLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of this many applications' news a second nothing is written one by one. */
const flushAfterMs = 200;
/** News that waits to be written; more is left out, since memory is worth more. */
const maxWaiting = 50_000;
const trimEveryMs = 3_600_000;
const version = 2;

/** What a file of another version holds is nobody's only copy of anything that matters, so it is begun anew. */
const schema = `
  CREATE TABLE drifts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app TEXT NOT NULL, uid TEXT NOT NULL, key TEXT NOT NULL, said TEXT NOT NULL,
    revision TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER, end TEXT
  ) STRICT;
  CREATE INDEX drifts_by_app ON drifts (app, uid, id);
  CREATE INDEX open_drifts ON drifts (app, uid, key) WHERE ended IS NULL;
  CREATE INDEX drifts_by_time ON drifts (began);
  ${deliveriesSchema}`;

type Write = (statements: Statements) => void;
type Statements = ReturnType<typeof prepare>;

/** The way of applications in a file of SQLite. Writes are gathered, and done in one transaction. */
class SqliteTimeline implements TimelineStore {
  readonly #options: SqliteTimelineOptions;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  #waiting: Write[] = [];
  #flushing: Disposable | undefined;
  #trimming: Disposable;
  #isFailing = false;

  constructor(options: SqliteTimelineOptions) {
    this.#options = options;
    this.#database = open(options.file);
    this.#statements = prepare(this.#database);
    this.#trimming = this.#trimLater();
  }

  noteDrifts(owner: TimelineOwner, news: DriftNews): void {
    this.#write((statements) => noteDrifts(statements, owner, news));
  }

  noteDelivery(owner: TimelineOwner, delivery: Delivery): void {
    const nowMs = this.#options.clock.now();
    this.#write(({ deliveries }) => deliveries.note(owner, delivery, nowMs));
  }

  forget(app: AppKey): void {
    this.#write(({ forgetDrifts, deliveries }) => {
      forgetDrifts.run(app);
      deliveries.forget(app);
    });
  }

  read({ app, uid }: TimelineOwner, limit: number): Promise<Timeline> {
    return attempt(this.#options.file, "read", () => {
      this.#flush();
      return {
        drifts: this.#statements.readDrifts
          .all(app, uid, limit)
          .map((row) => driftOf(row as unknown as DriftRow)),
        deliveries: this.#statements.deliveries.newest({ app, uid }, limit),
      };
    });
  }

  readDeliveries(owner: TimelineOwner, sinceMs: number): Promise<readonly Delivery[]> {
    return attempt(this.#options.file, "read", () => {
      this.#flush();
      return this.#statements.deliveries.since(owner, sinceMs);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#trimming[Symbol.dispose]();
    this.#flush();
    if (this.#database.isOpen) this.#database.close();
    return Promise.resolve();
  }

  #write(write: Write): void {
    if (this.#waiting.length >= maxWaiting) return;
    this.#waiting.push(write);
    this.#flushing ??= this.#options.clock.after(flushAfterMs, () => this.#flush());
  }

  #flush(): void {
    this.#flushing?.[Symbol.dispose]();
    this.#flushing = undefined;
    const writes = this.#waiting;
    this.#waiting = [];
    if (writes.length > 0) this.#inTransaction((statements) => writes.forEach((write) => write(statements)));
  }

  #trimLater(): Disposable {
    return this.#options.clock.after(trimEveryMs, () => {
      this.#trimming = this.#trimLater();
      const { limits, clock } = this.#options;
      this.#inTransaction((statements) => trim(statements, { limits, nowMs: clock.now() }));
    });
  }

  /** A disk that is full stops no reconcile: what happened is not kept then, and the log says so once. */
  #inTransaction(work: (statements: Statements) => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      work(this.#statements);
      this.#database.exec("COMMIT");
      this.#isFailing = false;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      if (this.#isFailing) return;
      this.#isFailing = true;
      const { log, file } = this.#options;
      log.warn("what happens to applications is not kept", { file, error: messageOf(error) });
    }
  }
}

function prepare(database: DatabaseSync) {
  return {
    openDrifts: database.prepare(
      "SELECT id, key, said FROM drifts WHERE app = ? AND uid = ? AND ended IS NULL",
    ),
    endDrift: database.prepare("UPDATE drifts SET ended = ?, end = ? WHERE id = ?"),
    addDrift: database.prepare(
      "INSERT INTO drifts (app, uid, key, said, revision, began) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    forgetDrifts: database.prepare("DELETE FROM drifts WHERE app = ?"),
    readDrifts: database.prepare("SELECT * FROM drifts WHERE app = ? AND uid = ? ORDER BY id DESC LIMIT ?"),
    oldDrifts: database.prepare("DELETE FROM drifts WHERE began < ?"),
    manyDrifts: database.prepare(
      `DELETE FROM drifts WHERE id IN (SELECT id FROM
        (SELECT id, ROW_NUMBER() OVER (PARTITION BY app, uid ORDER BY id DESC) AS place FROM drifts) WHERE place > ?)`,
    ),
    deliveries: prepareDeliveries(database),
  };
}

function noteDrifts(
  { openDrifts, endDrift, addDrift }: Statements,
  { app, uid }: TimelineOwner,
  { revision, objects, end, atMs }: DriftNews,
): void {
  const said = new Map(objects.map((object) => [object.key as string, JSON.stringify(object)]));
  for (const row of openDrifts.all(app, uid)) {
    const { id, key, said: before } = row as unknown as Pick<DriftRow, "id" | "key" | "said">;
    if (isSame(before, said.get(key))) said.delete(key);
    else endDrift.run(atMs, said.has(key) ? "changed-again" : end, id);
  }
  for (const [key, text] of said) addDrift.run(app, uid, key, text, revision, atMs);
}

/** The same fields of the same owners: a counter that goes on counting is no new drift every second. */
function isSame(before: string, after: string | undefined): boolean {
  if (after === undefined) return false;
  if (before === after) return true;
  const shape = (text: string): string => {
    const { what, fields, moreFields } = JSON.parse(text) as DriftedObject;
    return JSON.stringify([what, moreFields, fields.map(({ path: at, manager }) => [at, manager])]);
  };
  return shape(before) === shape(after);
}

function trim(
  { oldDrifts, manyDrifts, deliveries }: Statements,
  { limits, nowMs }: { readonly limits: TimelineLimits; readonly nowMs: number },
): void {
  oldDrifts.run(nowMs - limits.maxAgeMs);
  manyDrifts.run(limits.maxDrifts);
  deliveries.trim({ ...limits, oldestMs: nowMs - limits.maxAgeMs });
}

interface DriftRow {
  readonly id: number;
  readonly key: string;
  readonly said: string;
  readonly revision: string;
  readonly began: number;
  readonly ended: number | null;
  readonly end: StoredDrift["end"] | null;
}

function driftOf({ id, said, revision, began, ended, end }: DriftRow): StoredDrift {
  return {
    ...(JSON.parse(said) as DriftedObject),
    id,
    revision,
    beganMs: began,
    ...(ended === null ? {} : { endedMs: ended }),
    ...(end === null || end === undefined ? {} : { end }),
  };
}

/** Opens a file for a controller to keep what happens in, or makes one. A damaged one is begun anew. Throws when it cannot be made. */
export function openSqliteTimeline(options: SqliteTimelineOptions): TimelineStore {
  try {
    return new SqliteTimeline(options);
  } catch (error) {
    options.log.warn("what happened to applications cannot be read, and is begun anew", {
      file: options.file,
      error: messageOf(error),
    });
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${options.file}${suffix}`, { force: true });
    return new SqliteTimeline(options);
  }
}

function open(file: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  // Whoever else is on the machine has no business in it, from the first moment on.
  closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file, { timeout: 1_000 });
  try {
    const [found] = Object.values(database.prepare("PRAGMA user_version").get() ?? {});
    if (found !== version) {
      database.exec(`DROP TABLE IF EXISTS drifts; DROP TABLE IF EXISTS deliveries; ${schema}`);
      database.exec(`PRAGMA user_version = ${version}`);
    }
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
