import { keepTimes } from "#core/merge/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { canonicalJson, jsonEqual, viewArray } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { StoredObject, StoreKey } from "../storage/store.ts";
import type { Target, WriteOptions } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { generationOf } from "./generations.ts";
import { alreadyExists, invalid } from "./refusals.ts";
import { isUnsettled, noteUnsettled } from "./unsettled.ts";

/** Kinds that are read otherwise than they are made. */
const madeUnsettled = new Set(["/persistentvolumeclaims"]);

export interface PendingWrite {
  readonly target: Target;
  /** Undefined for a new object. */
  readonly live: StoredObject | undefined;
  readonly next: KubeObject;
  readonly options: WriteOptions;
  /** What the API server stores of the object is not what it reads again. */
  readonly isUnlikeRead?: boolean;
  /** A POST may have no resourceVersion. */
  readonly refusesRevision?: boolean;
  /** Notes who manages which fields of the object with its defaults: what the server fills in beside them is nobody's. */
  readonly manage: (object: KubeObject) => KubeObject;
}

/**
 * The common end of all writes: defaults, validation, generation, who manages what, and the write itself, which is left out when
 * nothing changed and when it is only tried. An object that was only kept by its finalizers goes with the last of them.
 */
export function storeObject(state: ClusterState, pending: PendingWrite): KubeObject {
  const { target, live, options } = pending;
  const { kind, subresource } = target;
  const check = { kind, live: live?.object, subresource, dryRun: options.dryRun };
  const given = withoutRepeatedOwners(pending.next, options.warn);
  const defaulted = state.rules.withDefaults({ ...check, next: given });
  const managed = pending.manage(kind.isCustom ? defaulted : withReset(defaulted, pending.next));
  const completed = state.rules.complete({ ...check, next: managed, given });
  const generation = generationAfter(pending, completed);
  const linked = options.dryRun ? completed : withoutLink(completed);
  // Only now is it told whether anything changes: an empty list may be stored as none.
  const counted = keepTimes(live?.object, withGeneration(linked, generation));
  state.admit?.({ target, live: live?.object, next: counted, user: options.user });
  const errors = state.rules.validate({ ...check, next: counted });
  if (errors.length > 0) throw invalid(kind, counted, errors);
  state.rules.warnings({ ...check, next: counted }).forEach(options.warn);
  const isUnlikeRead =
    pending.isUnlikeRead === true || (live === undefined && madeUnsettled.has(kind.resource));
  if (live !== undefined && isSame(counted, live.object) && isSettled(pending, isUnlikeRead))
    return live.object;
  if (pending.refusesRevision === true && !options.dryRun) refuseRevision(counted);
  const key = keyOf(target, counted);
  const taken = live === undefined ? state.store.read(key)?.object : undefined;
  if (taken !== undefined) throw alreadyExists(target, taken);
  if (options.dryRun) return counted;
  if (isReleased(counted)) {
    // Who watches is told of what was stored last.
    state.store.remove(key, live?.object ?? counted);
    return counted;
  }
  const { object } = state.store.write(key, counted);
  if (isUnlikeRead) noteUnsettled(object);
  return object;
}

/** Whether nothing would be stored that is not stored already. */
function isSettled({ live }: PendingWrite, isUnlikeRead: boolean): boolean {
  return live === undefined || isUnsettled(live.object) === isUnlikeRead;
}

/** A write of the status is no change of what is wanted. */
function generationAfter({ target, live }: PendingWrite, next: KubeObject): number | undefined {
  const isStatus = live !== undefined && target.subresource === "status";
  return isStatus ? live.object.metadata.generation : generationOf(target.kind, next, live?.object);
}

/** Owners that are told twice are one. */
function withoutRepeatedOwners(object: KubeObject, warn: (message: string) => void): KubeObject {
  const owners = object.metadata.ownerReferences ?? [];
  const texts = owners.map((owner) => canonicalJson(owner as JsonObject));
  const first = new Map(texts.map((text, at): [string, number] => [text, at]).toReversed());
  const isRepeated = (_owner: unknown, at: number): boolean => (first.get(texts[at] ?? "") ?? at) < at;
  const repeated = owners.filter((owner, at) => isRepeated(owner, at)).map(({ uid }) => uid);
  if (repeated.length === 0) return object;
  warn(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(", ")}`,
  );
  const ownerReferences = owners.filter((owner, at) => !isRepeated(owner, at));
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

/** An empty list of managers, which asks to forget them all, is no part of an object with defaults. */
function withReset(object: KubeObject, given: KubeObject): KubeObject {
  if (given.metadata.managedFields?.length !== 0) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: [] } };
}

/** A link that a client sends is shown where a write is only tried, and not stored. */
function withoutLink(object: KubeObject): KubeObject {
  if (object.metadata["selfLink"] === undefined) return object;
  const { selfLink: _link, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** What is new has no revision; a text that is none is passed over. */
function refuseRevision({ metadata: { resourceVersion = "" } }: KubeObject): void {
  if (/^\d+$/.test(resourceVersion) && Number(resourceVersion) !== 0)
    throw new ApiError("Unknown", "resourceVersion should not be set on objects to be created");
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
