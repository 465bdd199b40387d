import type { KubeObject } from "#core/object/index.ts";
import type { StoreEvent, StoreKey } from "../storage/store.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { foregroundFinalizer, orphanFinalizer } from "../verbs/delete.ts";
import { OwnerIndex } from "./owner-index.ts";
import type { SystemCalls } from "./system-calls.ts";
import { systemCalls } from "./system-calls.ts";

/**
 * The garbage collector: what is owned goes after its last owner, before it (`Foreground`) or is let go (`Orphan`), as the owner's
 * finalizers ask.
 */
export class GarbageCollector {
  readonly #index = new OwnerIndex();
  readonly #state: ClusterState;
  readonly #calls: SystemCalls;

  constructor(state: ClusterState) {
    this.#state = state;
    this.#calls = systemCalls(state, "generic-garbage-collector");
    for (const resource of state.store.resources()) {
      for (const { key, object } of state.store.list({ resource }))
        this.#index.change(key, undefined, object);
    }
  }

  /** What may have been left undone, to be looked at when the cluster starts. */
  all(): readonly StoreKey[] {
    const { store } = this.#state;
    return store.resources().flatMap((resource) =>
      store
        .list({ resource })
        .filter(({ object }) => concerns(object))
        .map(({ key }) => key),
    );
  }

  /** Notes an event, and gives what has to be looked at because of it. */
  note({ type, stored, previous }: StoreEvent): readonly StoreKey[] {
    const { key, object } = stored;
    this.#index.change(key, previous?.object, type === "deleted" ? undefined : object);
    const owners = [
      ...(previous?.object.metadata.ownerReferences ?? []),
      ...(object.metadata.ownerReferences ?? []),
    ];
    const above = owners.flatMap(({ uid }) => this.#index.find(uid) ?? []);
    const below =
      type === "deleted" && object.metadata.uid !== undefined
        ? this.#index.dependentsOf(object.metadata.uid)
        : [];
    const own = type === "deleted" || !concerns(object) ? [] : [key];
    return [...own, ...above, ...below];
  }

  /** Does what is to be done about one object now. */
  collect(key: StoreKey): void {
    const object = this.#calls.read(key);
    if (object === undefined) return;
    const { metadata } = object;
    if (metadata.deletionTimestamp === undefined) return this.#collectUnowned(key, object);
    if (metadata.finalizers?.includes(orphanFinalizer) === true) return this.#orphan(key, object);
    if (metadata.finalizers?.includes(foregroundFinalizer) === true) this.#deleteDependents(key, object);
  }

  /** An object whose owners are all gone goes, too; references to some that are gone are removed. */
  #collectUnowned(key: StoreKey, object: KubeObject): void {
    const references = object.metadata.ownerReferences ?? [];
    const isThere = ({ uid }: { readonly uid: string }) => {
      const owner = this.#index.find(uid);
      return owner !== undefined && (owner.namespace === "" || owner.namespace === key.namespace);
    };
    const standing = references.filter(isThere);
    if (standing.length === references.length) return;
    if (standing.length === 0) {
      this.#calls.remove(key, { propagation: "Background", uid: object.metadata.uid });
      return;
    }
    this.#calls.replace(key, withOwners(object, standing));
  }

  #orphan(key: StoreKey, owner: KubeObject): void {
    const uid = owner.metadata.uid ?? "";
    for (const dependent of this.#index.dependentsOf(uid)) {
      const object = this.#calls.read(dependent);
      if (object === undefined) continue;
      const others = object.metadata.ownerReferences?.filter((reference) => reference.uid !== uid) ?? [];
      this.#calls.replace(dependent, withOwners(object, others));
    }
    this.#calls.replace(key, withoutFinalizer(owner, orphanFinalizer));
  }

  /** The owner waits for those of its dependents that say so. */
  #deleteDependents(key: StoreKey, owner: KubeObject): void {
    const uid = owner.metadata.uid ?? "";
    let isWaiting = false;
    for (const dependent of this.#index.dependentsOf(uid)) {
      const object = this.#calls.read(dependent);
      if (object === undefined) continue;
      const reference = object.metadata.ownerReferences?.find((each) => each.uid === uid);
      const blocks = reference?.blockOwnerDeletion === true;
      if (object.metadata.deletionTimestamp === undefined) {
        this.#calls.remove(dependent, {
          propagation: blocks ? "Foreground" : "Background",
          uid: object.metadata.uid,
        });
      }
      isWaiting ||= blocks && this.#calls.read(dependent) !== undefined;
    }
    if (isWaiting) return;
    const live = this.#calls.read(key);
    if (live !== undefined) this.#calls.replace(key, withoutFinalizer(live, foregroundFinalizer));
  }
}

function concerns({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences?.length ?? 0) > 0 || metadata.deletionTimestamp !== undefined;
}

function withOwners(
  object: KubeObject,
  owners: NonNullable<KubeObject["metadata"]["ownerReferences"]>,
): KubeObject {
  const { ownerReferences: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners } };
}

function withoutFinalizer(object: KubeObject, finalizer: string): KubeObject {
  const { finalizers = [], ...metadata } = object.metadata;
  const left = finalizers.filter((each) => each !== finalizer);
  return { ...object, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } };
}
