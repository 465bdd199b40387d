import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { AppKey } from "#core/app/index.ts";
import type { Delivery } from "#core/delivery/index.ts";
import type { TimelineOwner } from "#ports/timeline.ts";

export const deliveriesSchema = `
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    app TEXT NOT NULL, uid TEXT NOT NULL, revision TEXT NOT NULL, at INTEGER NOT NULL,
    previous TEXT, committed INTEGER, seen INTEGER, rendered INTEGER, started INTEGER, applied INTEGER, healthy INTEGER,
    failed INTEGER, degraded INTEGER, restored INTEGER, who TEXT, back INTEGER, changes INTEGER, images TEXT
  ) STRICT;
  CREATE INDEX deliveries_by_app ON deliveries (app, uid, id);
  CREATE INDEX deliveries_by_revision ON deliveries (app, uid, revision, id);
  CREATE INDEX deliveries_by_time ON deliveries (at);`;

interface Bounds {
  readonly maxDeliveries: number;
  readonly maxAllDeliveries: number;
  readonly oldestMs: number;
}

/** What is asked and told of deliveries. */
interface DeliveryStatements {
  note(owner: TimelineOwner, delivery: Delivery, nowMs: number): void;
  newest(owner: TimelineOwner, limit: number): readonly Delivery[];
  since(owner: TimelineOwner, sinceMs: number): readonly Delivery[];
  forget(app: AppKey): void;
  trim(bounds: Bounds): void;
}

/** Columns of which the first value that is told stays. */
const lasting = [
  "previous",
  "committed",
  "seen",
  "rendered",
  "started",
  "applied",
  "healthy",
  "degraded",
  "who",
];
const others = ["failed", "restored", "back", "changes", "images"];
const columns = [...lasting, ...others];

export function prepareDeliveries(database: DatabaseSync): DeliveryStatements {
  const add = database.prepare(
    `INSERT INTO deliveries (app, uid, revision, at, ${columns.join(", ")}) VALUES (?, ?, ?, ?${", ?".repeat(columns.length)})`,
  );
  const change = database.prepare(
    `UPDATE deliveries SET ${lasting.map((name) => `${name} = COALESCE(${name}, ?)`).join(", ")},
      failed = COALESCE(?, failed), restored = COALESCE(restored, ?), back = COALESCE(?, back),
      changes = MAX(COALESCE(changes, 0), COALESCE(?, changes)), images = COALESCE(?, images) WHERE id = ?`,
  );
  const lastOf = database.prepare(
    "SELECT * FROM deliveries WHERE app = ? AND uid = ? AND revision = ? ORDER BY id DESC LIMIT 1",
  );
  const lastApplied = database.prepare(
    "SELECT * FROM deliveries WHERE app = ? AND uid = ? AND applied IS NOT NULL ORDER BY applied DESC, id DESC LIMIT 1",
  );
  const newest = database.prepare(
    "SELECT * FROM deliveries WHERE app = ? AND uid = ? ORDER BY id DESC LIMIT ?",
  );
  const since = database.prepare(
    "SELECT * FROM deliveries WHERE app = ? AND uid = ? AND at >= ? ORDER BY id DESC",
  );
  const forget = database.prepare("DELETE FROM deliveries WHERE app = ?");
  const old = database.prepare("DELETE FROM deliveries WHERE at < ?");
  const many = database.prepare(
    `DELETE FROM deliveries WHERE id IN (SELECT id FROM
      (SELECT id, ROW_NUMBER() OVER (PARTITION BY app, uid ORDER BY id DESC) AS place FROM deliveries) WHERE place > ?)`,
  );
  const all = database.prepare(
    "DELETE FROM deliveries WHERE id <= (SELECT id FROM deliveries ORDER BY id DESC LIMIT 1 OFFSET ?)",
  );
  return {
    note: ({ app, uid }, delivery, nowMs) => {
      const known = rowOf(lastOf.get(app, uid, delivery.revision));
      const current = rowOf(lastApplied.get(app, uid));
      if (known === undefined || isAgain(known, current, delivery))
        add.run(app, uid, delivery.revision, nowMs, ...valuesOf(delivery, undefined));
      else change.run(...valuesOf(delivery, known), known.id);
    },
    newest: ({ app, uid }, limit) =>
      newest.all(app, uid, limit).map((row) => deliveryOf(row as unknown as Row)),
    since: ({ app, uid }, sinceMs) =>
      since.all(app, uid, sinceMs).map((row) => deliveryOf(row as unknown as Row)),
    forget: (app) => void forget.run(app),
    trim: ({ maxDeliveries, maxAllDeliveries, oldestMs }) => {
      old.run(oldestMs);
      many.run(maxDeliveries);
      all.run(maxAllDeliveries);
    },
  };
}

/** A revision that had been delivered, was replaced, and is delivered again. */
function isAgain(known: Row, current: Row | undefined, { startedMs, failedMs }: Delivery): boolean {
  if (current === undefined || current.applied === null || current.id === known.id || known.started === null)
    return false;
  const beganMs = startedMs ?? failedMs;
  return beganMs !== undefined && beganMs !== known.started && beganMs >= current.applied;
}

function valuesOf(delivery: Delivery, known: Row | undefined): readonly SQLInputValue[] {
  const { previous, committedMs, seenMs, renderedMs, startedMs, appliedMs, healthyMs, degradedMs, by } =
    delivery;
  const { failedMs, restoredMs, isRollback, changes, images } = delivery;
  const illMs = known?.degraded ?? degradedMs;
  const isWellAgain = illMs !== undefined && healthyMs !== undefined && healthyMs > illMs;
  return [
    previous,
    committedMs,
    seenMs,
    renderedMs,
    startedMs,
    appliedMs,
    healthyMs,
    degradedMs,
    by,
    failedMs,
    restoredMs ?? (isWellAgain ? healthyMs : undefined),
    isRollback === undefined ? undefined : Number(isRollback),
    changes,
    images === undefined ? undefined : JSON.stringify(images),
  ].map((value) => value ?? null);
}

interface Row {
  readonly id: number;
  readonly revision: string;
  readonly previous: string | null;
  readonly committed: number | null;
  readonly seen: number | null;
  readonly rendered: number | null;
  readonly started: number | null;
  readonly applied: number | null;
  readonly healthy: number | null;
  readonly failed: number | null;
  readonly degraded: number | null;
  readonly restored: number | null;
  readonly who: string | null;
  readonly back: number | null;
  readonly changes: number | null;
  readonly images: string | null;
}

function rowOf(row: unknown): Row | undefined {
  return row as Row | undefined;
}

function deliveryOf(row: Row): Delivery {
  const { revision, previous, who, back, changes, images } = row;
  const known = {
    previous,
    committedMs: row.committed,
    seenMs: row.seen,
    renderedMs: row.rendered,
    startedMs: row.started,
    appliedMs: row.applied,
    healthyMs: row.healthy,
    failedMs: row.failed,
    degradedMs: row.degraded,
    restoredMs: row.restored,
    by: who,
    isRollback: back === null ? null : back === 1,
    changes,
    images: images === null ? null : (JSON.parse(images) as readonly string[]),
  };
  return { revision, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null)) };
}
