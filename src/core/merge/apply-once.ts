import { emptyObject } from "./empty-object.ts";
import { FieldSet } from "./field-set.ts";
import { withLastApplied } from "./last-applied.ts";
import type { ManagedFieldsEntry } from "./managed-fields.ts";
import type { Managers } from "./managers.ts";
import { managerId, withManagers } from "./managers.ts";
import { mergeConfiguration } from "./merge.ts";
import { fieldsOf, recordable } from "./owned-fields.ts";
import { pruneForServer } from "./prune.ts";
import { withoutReset } from "./reset-fields.ts";
import { followSchema } from "./schema-changes.ts";
import type { FieldSchema } from "./schema.ts";
import type { FieldConflict } from "./take-over.ts";
import { takeOver } from "./take-over.ts";
import type { Write } from "./write-context.ts";
import { comparer } from "./write-context.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual, sharing } from "#core/object/index.ts";

/** What an apply starts from. */
export interface ApplyStart {
  readonly schema: FieldSchema;
  /** Without managedFields; undefined when there is none. */
  readonly live: KubeObject | undefined;
  readonly managers: Managers;
}

export interface ForcedApply {
  readonly object: KubeObject;
  /** What the apply took from others. */
  readonly conflicts: () => readonly FieldConflict[];
}

interface ForcedPrune {
  readonly object: KubeObject;
  readonly compared: KubeObject;
}

/** Lays the configuration over the live object, removes what the manager released, and takes what it names from others. */
export function applyOnce(write: Write, applied: KubeObject, start: ApplyStart): ForcedApply {
  const { schema, live } = start;
  const managers = followSchema(write, start.managers);
  const own = ownEntry(write, applied, schema);
  const id = managerId(own);
  const last = managers.get(id);
  const owned = new Map(managers).set(id, own);
  const fields = recordable(own.fields).orSame(last?.fields);
  const merged = sharing(live, mergeConfiguration(schema, live, applied)) as KubeObject;
  const { object: pruned, compared } =
    last === undefined || last.fields === fields
      ? { object: merged, compared: merged }
      : withoutReleased(schema, merged, { last: last.fields, owned });
  const states = [live ?? emptyObject(schema, pruned), compared] as const;
  const taken = takeOver(owned, id, comparer(write, states));
  const isSame = live !== undefined && jsonEqual(live, pruned);
  const time = isSame ? (last?.time ?? "") : write.time;
  const object = withManagers(isSame ? live : pruned, withOwn(taken.managers, id, { ...own, time, fields }));
  return {
    object: write.manager === "kubectl" ? withLastApplied(object, applied) : object,
    conflicts: taken.conflicts,
  };
}

function ownEntry(write: Write, applied: KubeObject, schema: FieldSchema): ManagedFieldsEntry {
  const { apiVersion, subresource, time, reset, manager } = write;
  const fields = withoutReset(fieldsOf(applied, schema), reset);
  return { manager: manager || "unknown", operation: "Apply", apiVersion, subresource, time, fields };
}

interface Release {
  /** What the manager owned. */
  readonly last: FieldSet;
  /** Who owns what from now on. */
  readonly owned: Managers;
}

function withoutReleased(schema: FieldSchema, merged: KubeObject, { last, owned }: Release): ForcedPrune {
  const managed = owned.values().reduce((all, { fields }) => all.union(fields), new FieldSet());
  return pruneForServer(schema, merged, { last: last.root, managed: managed.root }) as ForcedPrune;
}

function withOwn(managers: Managers, id: string, own: ManagedFieldsEntry): Managers {
  const all = new Map(managers);
  if (own.fields.isEmpty()) all.delete(id);
  else all.set(id, own);
  return all;
}
