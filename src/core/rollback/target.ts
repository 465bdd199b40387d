import type { RevisionHistory } from "#core/app/types.ts";
import { revisionsOf } from "#core/app/source.ts";
import type { Deployment } from "./record.ts";

/** The entry of the history that a deployment is; undefined when the history has it no more. */
export function entryOf(
  history: readonly RevisionHistory[] | undefined,
  deployment: Deployment | undefined,
): RevisionHistory | undefined {
  if (deployment === undefined) return undefined;
  const entry = history?.find((one) => one.id === deployment.id);
  // Somebody may have emptied the history, and its ids have begun anew.
  return entry !== undefined && isSame(revisionsOf(entry), deployment.revisions) ? entry : undefined;
}

export function deploymentOf(entry: RevisionHistory): Deployment {
  return { id: entry.id, revisions: revisionsOf(entry) };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
