import { capUpdaters } from "./cap-managers.ts";
import { KeylessItem } from "./keyed-items.ts";
import { emptyObject } from "./empty-object.ts";
import type { Managers } from "./managers.ts";
import {
  decodeManagers,
  isManagersReset,
  keepTimes,
  managerId,
  managersOf,
  withManagers,
} from "./managers.ts";
import { recordable } from "./owned-fields.ts";
import { withoutReset } from "./reset-fields.ts";
import { followSchema } from "./schema-changes.ts";
import { deduced } from "./schema.ts";
import { takeOver } from "./take-over.ts";
import type { Write, WriteContext } from "./write-context.ts";
import { comparer, writeOf } from "./write-context.ts";
import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";

export interface RecordUpdateInput extends WriteContext {
  /** Undefined for a creation. */
  readonly live: KubeObject | undefined;
  /**
   * What is to be stored, with defaults and with the managedFields that the client sent, but before admission and before
   * the server allocates anything (cluster IPs, protective finalizers): nobody owns what these add.
   */
  readonly next: KubeObject;
  /** What a creation is compared with, where it is known better than from the schema. */
  readonly empty?: KubeObject | undefined;
}

/**
 * `next` with the managedFields that the API server records after a create, an update or a patch: what changed becomes the
 * manager's, and nobody else's. Nothing is recorded for an object that nobody ever managed, or whose managers were reset.
 */
export function recordUpdate(input: RecordUpdateInput): KubeObject {
  const { live, next } = input;
  const managers = startingManagers(input);
  const isCreated = live === undefined;
  if (managers.size === 0 && !isCreated) return withManagers(next, managers);
  try {
    const before = live ?? input.empty ?? emptyObject(input.schema ?? deduced, next);
    const recorded = recordChanges(writeOf(input, next), [before, next], managers);
    return keepTimes(live, withManagers(next, recorded));
  } catch (error) {
    if (!(error instanceof KeylessItem)) throw error;
    return withManagers(next, managersOf(live) ?? new Map());
  }
}

/** Those that the client sent, if they can be read; a client that knows nothing of them shall not remove them. */
function startingManagers({ live, next, subresource }: RecordUpdateInput): Managers {
  const sent = next.metadata.managedFields ?? undefined;
  const old = (): Managers => managersOf(live) ?? new Map();
  if (subresource !== "" || (live !== undefined && jsonEqual(sent, live.metadata.managedFields)))
    return old();
  if (isManagersReset(sent)) return new Map();
  const managers = decodeManagers(sent ?? []);
  return managers === undefined || managers.size === 0 ? old() : managers;
}

/** The managers after a change from one state to another, both in the request's version. */
export function recordChanges(
  write: Write,
  [before, after]: readonly [KubeObject, KubeObject],
  managers: Managers,
): Managers {
  const states = [withoutManagers(before), withoutManagers(after)] as const;
  const comparisonIn = comparer(write, states);
  const followed = followSchema(write, managers);
  const left = new Map(takeOver(followed, "", comparisonIn).managers);
  const comparison = comparisonIn(write.apiVersion);
  if (comparison === undefined) return capUpdaters(left);
  const changed = recordable(withoutReset(comparison.modified.union(comparison.added), write.reset));
  if (changed.isEmpty()) return capUpdaters(left);
  const { apiVersion, subresource, time } = write;
  const writer = {
    manager: write.manager || "unknown",
    operation: "Update",
    apiVersion,
    subresource,
  } as const;
  const id = managerId(writer);
  const fields = left.get(id)?.fields.union(changed) ?? changed;
  left.set(id, { ...writer, time, fields: fields.orSame(followed.get(id)?.fields) });
  return capUpdaters(left);
}

function withoutManagers(object: KubeObject): KubeObject {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
