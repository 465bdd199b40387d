import type { Comparison } from "./comparison.ts";
import type { FieldSet } from "./field-set.ts";
import type { ManagedFieldsEntry } from "./managed-fields.ts";
import type { Managers } from "./managers.ts";
import type { FieldPath } from "./path.ts";

/** A field that a write would change and another manager owns. */
export interface FieldConflict {
  readonly owner: ManagedFieldsEntry;
  readonly path: FieldPath;
}

export interface TakeOver {
  /** Without what the write changes or removes; managers that are left with nothing are gone. */
  readonly managers: Managers;
  /** Fields that were changed under their owner, by owner and then in the order of field sets; found when they are asked for. */
  readonly conflicts: () => readonly FieldConflict[];
}

/** What a write does to the managers other than the writing one. */
export function takeOver(
  managers: Managers,
  writer: string,
  comparisonIn: (apiVersion: string) => Comparison | undefined,
): TakeOver {
  const left = new Map<string, ManagedFieldsEntry>();
  const losses: (readonly [ManagedFieldsEntry, Comparison])[] = [];
  for (const [id, entry] of [...managers].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const comparison = id === writer ? undefined : comparisonIn(entry.apiVersion);
    if (id !== writer && comparison === undefined) continue;
    const fields = comparison === undefined ? entry.fields : fieldsLeft(entry.fields, comparison);
    if (comparison !== undefined && fields !== entry.fields) losses.push([entry, comparison]);
    if (!fields.isEmpty()) left.set(id, fields === entry.fields ? entry : { ...entry, fields });
  }
  return { managers: left, conflicts: () => losses.flatMap((loss) => conflictsOf(...loss)) };
}

function fieldsLeft(fields: FieldSet, { added, modified, removed }: Comparison): FieldSet {
  return fields.difference(added).difference(modified).difference(removed);
}

function conflictsOf(owner: ManagedFieldsEntry, { added, modified }: Comparison): readonly FieldConflict[] {
  const changed = modified.union(added).filter((path) => owner.fields.has(path));
  return changed.isEmpty() ? [] : changed.orderedPaths().map((path) => ({ owner, path }));
}
