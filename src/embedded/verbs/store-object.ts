import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual, viewArray } from "#core/object/index.ts";
import type { StoredObject, StoreKey } from "../storage/store.ts";
import type { Target, WriteOptions } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { withoutAdded } from "./added-fields.ts";
import { generationOf } from "./generations.ts";
import { alreadyExists, invalid } from "./refusals.ts";

export interface PendingWrite {
  readonly target: Target;
  /** Undefined for a new object. */
  readonly live: StoredObject | undefined;
  readonly next: KubeObject;
  readonly options: WriteOptions;
  /** Notes who manages which fields, when the object is as it will be stored but for what the server allocated. */
  readonly manage: (object: KubeObject) => KubeObject;
}

/**
 * The common end of all writes: defaults, validation, generation, who manages what, and the write itself, which is left out when
 * nothing changed and when it is only tried. An object that was only kept by its finalizers goes with the last of them.
 */
export function storeObject(state: ClusterState, pending: PendingWrite): KubeObject {
  const { target, live, options } = pending;
  const { kind, subresource } = target;
  const check = { kind, live: live?.object, subresource };
  const completed = state.rules.complete({ ...check, next: pending.next });
  const counted = withGeneration(completed, generationOf(kind, completed, live?.object));
  const errors = state.rules.validate({ ...check, next: counted });
  if (errors.length > 0) throw invalid(kind, counted, errors);
  const managed = live === undefined ? manageNew(pending, counted) : pending.manage(counted);
  if (live !== undefined && isSame(managed, live.object)) return live.object;
  const key = keyOf(target, managed);
  const taken = live === undefined ? state.store.read(key)?.object : undefined;
  if (taken !== undefined) throw alreadyExists(target, taken);
  if (options.dryRun) return managed;
  if (isReleased(managed)) {
    state.store.remove(key, managed);
    return managed;
  }
  return state.store.write(key, managed).object;
}

function manageNew({ target: { kind }, next, manage }: PendingWrite, object: KubeObject): KubeObject {
  const { managedFields } = manage(withoutAdded(kind, object, next)).metadata;
  const { managedFields: _sent, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) } };
}

export function keyOf({ kind, namespace }: Target, object: KubeObject): StoreKey {
  return {
    resource: kind.resource,
    namespace: kind.namespaced ? namespace : "",
    name: object.metadata.name ?? "",
  };
}

function withGeneration(object: KubeObject, generation: number | undefined): KubeObject {
  if (generation === undefined || generation === object.metadata.generation) return object;
  return { ...object, metadata: { ...object.metadata, generation } };
}

function isSame(next: KubeObject, live: KubeObject): boolean {
  return next.apiVersion === live.apiVersion && jsonEqual(next, live);
}

/** Marked for deletion, with nobody left who has to do something first. */
export function isReleased({ metadata, spec }: KubeObject): boolean {
  const waits = (metadata.finalizers?.length ?? 0) > 0 || viewArray(spec, "finalizers").length > 0;
  const grace = metadata["deletionGracePeriodSeconds"];
  return metadata.deletionTimestamp !== undefined && !waits && (typeof grace !== "number" || grace === 0);
}
