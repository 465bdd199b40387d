import type { KubeObject } from "#core/object/index.ts";
import { jsonEqual } from "#core/object/index.ts";
import type { StoreKey } from "../storage/store.ts";

function idOf({ resource, namespace, name }: StoreKey): string {
  return `${resource} ${namespace} ${name}`;
}

function isSame({ metadata: before }: KubeObject, { metadata: after }: KubeObject): boolean {
  return before.uid === after.uid && jsonEqual(before.ownerReferences, after.ownerReferences);
}

/** Which objects there are by their uid, and which name them as an owner. */
export class OwnerIndex {
  readonly #uids = new Map<string, StoreKey>();
  readonly #dependents = new Map<string, Map<string, StoreKey>>();

  /** Takes note of how an object was and is; undefined for before it was made and after it is gone. */
  change(key: StoreKey, before: KubeObject | undefined, after: KubeObject | undefined): void {
    if (before !== undefined && after !== undefined && isSame(before, after)) return;
    if (before !== undefined) this.#forget(key, before);
    if (after !== undefined) this.#learn(key, after);
  }

  /** Where the object with this uid is; undefined when there is none. */
  find(uid: string): StoreKey | undefined {
    return this.#uids.get(uid);
  }

  dependentsOf(uid: string): readonly StoreKey[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])];
  }

  #learn(key: StoreKey, { metadata }: KubeObject): void {
    if (metadata.uid !== undefined) this.#uids.set(metadata.uid, key);
    for (const { uid } of metadata.ownerReferences ?? []) {
      const known = this.#dependents.get(uid) ?? new Map<string, StoreKey>();
      known.set(idOf(key), key);
      this.#dependents.set(uid, known);
    }
  }

  #forget(key: StoreKey, { metadata }: KubeObject): void {
    if (metadata.uid !== undefined) this.#uids.delete(metadata.uid);
    for (const { uid } of metadata.ownerReferences ?? []) {
      const known = this.#dependents.get(uid);
      known?.delete(idOf(key));
      if (known?.size === 0) this.#dependents.delete(uid);
    }
  }
}
