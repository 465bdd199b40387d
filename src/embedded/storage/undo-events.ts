import type { KeptEvent, KeptObject } from "./kept-object.ts";
import { lowerBound } from "./lower-bound.ts";

/** What a list was before some events, which come oldest first: every object is again what it was before its first one. */
export function undoEvents(now: readonly KeptObject[], events: readonly KeptEvent[]): readonly KeptObject[] {
  const before = new Map<string, KeptObject | undefined>();
  for (const { stored, previous } of events) {
    if (!before.has(stored.id)) before.set(stored.id, previous);
  }
  const past: KeptObject[] = [];
  let place = 0;
  for (const [id, previous] of [...before].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = lowerBound(place, now.length, (at) => (now[at]?.id ?? "") < id);
    for (const untouched of now.slice(place, found)) past.push(untouched);
    if (previous !== undefined) past.push(previous);
    place = now[found]?.id === id ? found + 1 : found;
  }
  for (const untouched of now.slice(place)) past.push(untouched);
  return past;
}
