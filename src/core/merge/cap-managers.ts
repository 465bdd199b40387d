import type { ManagedFieldsEntry } from "./managed-fields.ts";
import type { Managers } from "./managers.ts";
import { managerId, order, seconds } from "./managers.ts";

const MAX_UPDATERS = 10;
const OLD_UPDATES = "ancient-changes";

/** Merges the oldest updaters of each version into one entry until no more than ten updaters are left. */
export function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  let excess = updaters.length - MAX_UPDATERS;
  if (excess <= 0) return managers;
  const capped = new Map(managers);
  const firstOf = new Map<string, string>();
  for (const [id, entry] of updaters.toSorted(byAge)) {
    if (excess <= 0) break;
    const first = firstOf.get(entry.apiVersion);
    firstOf.set(entry.apiVersion, first ?? id);
    if (first === undefined) continue;
    mergeIntoBucket(capped, entry, { id, first });
    excess -= 1;
  }
  return capped;
}

function mergeIntoBucket(
  managers: Map<string, ManagedFieldsEntry>,
  entry: ManagedFieldsEntry,
  { id, first }: { readonly id: string; readonly first: string },
): void {
  const bucket = { ...entry, manager: OLD_UPDATES, subresource: "" };
  const bucketId = managerId(bucket);
  let merged = managers.get(bucketId);
  if (merged === undefined) {
    merged = managers.get(first);
    managers.delete(first);
  }
  managers.delete(id);
  managers.set(bucketId, {
    ...bucket,
    fields: merged === undefined ? entry.fields : entry.fields.union(merged.fields),
  });
}

function byAge(
  [idA, a]: readonly [string, ManagedFieldsEntry],
  [idB, b]: readonly [string, ManagedFieldsEntry],
): number {
  return order(seconds(a), seconds(b)) || order(idA, idB);
}
