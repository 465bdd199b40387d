import type { Application } from "#core/app/index.ts";
import { joinRevisions, revisionsOf } from "#core/app/index.ts";

/**
 * How old the answer of a repository may be, in milliseconds, that an application is compared by; `usualMs` unless its last operation
 * deployed another revision than it was last compared with. Somebody then knew of a revision that an older answer need not know of:
 * an automated sync would go back behind it, and prune what it brought.
 */
export function maxListingAgeMs({ status }: Application, usualMs: number, nowMs: number): number {
  const { operationState, sync } = status ?? {};
  const deployed = operationState?.syncResult;
  if (deployed === undefined || sync === undefined) return usualMs;
  if (joinRevisions(revisionsOf(deployed)) === joinRevisions(revisionsOf(sync))) return usualMs;
  // The status has whole seconds only: it may have ended up to a second later.
  const sinceMs = nowMs - 1_000 - Date.parse(operationState?.finishedAt ?? operationState?.startedAt ?? "");
  return Number.isNaN(sinceMs) ? 0 : Math.min(usualMs, Math.max(0, sinceMs));
}
