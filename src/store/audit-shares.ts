import type { DatabaseSync } from "node:sqlite";

/**
 * What of the size each kind of record may take, in eighths. None takes anything of another's: what anybody may cause without a right, such
 * as to be refused a million times, pushes out nothing but its like. `changed` is what wrote something, whatever came of it otherwise; `ok`
 * what wrote nothing, such as a login.
 */
const eighthsOf = { changed: 5, ok: 1, failed: 1, refused: 1 } as const;

/** So many are taken out at once, so that nobody waits for long. */
const trimBatch = 1_000;

/** Takes out the oldest records of each share that takes more than its own. */
export function trimShares(database: DatabaseSync, maxBytes: number): void {
  for (const [share, eighths] of Object.entries(eighthsOf)) {
    const limit = (maxBytes * eighths) / 8;
    let excess = bytesOf(database, share) - limit;
    while (excess > 0 && removeOldest(database, share, excess) > 0) excess = bytesOf(database, share) - limit;
  }
}

function bytesOf(database: DatabaseSync, share: string): number {
  const row = database.prepare("SELECT bytes FROM shares WHERE share = ?").get(share);
  return Number(row?.["bytes"] ?? 0);
}

/** No more than are over the limit, at most a batch of them. */
function removeOldest(database: DatabaseSync, share: string, excess: number): number {
  const { changes } = database
    .prepare(
      `DELETE FROM records WHERE id IN (
        SELECT id FROM (
          SELECT id, SUM(bytes) OVER (ORDER BY time, id) - bytes AS older
          FROM (SELECT id, time, bytes FROM records WHERE share = ? ORDER BY time, id LIMIT ?)
        ) WHERE older < ?
      )`,
    )
    .run(share, trimBatch, excess);
  return Number(changes);
}
