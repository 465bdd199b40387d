import type { RevisionHistory } from "./types.ts";

const defaultRevisionHistoryLimit = 10;

/**
 * The history with one more sync at its end, under the next id, and only the newest `limit` entries: 0 keeps none.
 * Ids grow by one from 0 and are never given twice while an entry is left.
 */
export function appendHistory(
  history: readonly RevisionHistory[],
  entry: Omit<RevisionHistory, "id">,
  limit: number = defaultRevisionHistoryLimit,
): readonly RevisionHistory[] {
  const id = Math.max(-1, ...history.map((past) => past.id)) + 1;
  return limit <= 0 ? [] : [...history, { ...entry, id }].slice(-limit);
}
