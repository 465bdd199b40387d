import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";

/** Objects by the uids of their owners. */
export interface OwnedIndex {
  /** In the order in which they came; takes as long as there are such objects. */
  readonly of: (uid: string) => readonly KubeObject[];
  /** Puts the object in the place of the one with its key. */
  readonly set: (object: KubeObject) => void;
  readonly delete: (object: KubeObject) => void;
}

/** Kept up to date object by object: a tree asks for the owner of every node, and must not look at all objects for each. */
export function createOwnedIndex(): OwnedIndex {
  const ownersOf = new Map<ObjectKey, readonly string[]>();
  const byOwner = new Map<string, Map<ObjectKey, KubeObject>>();
  const removeFrom = (owner: string, key: ObjectKey): void => {
    const owned = byOwner.get(owner);
    owned?.delete(key);
    if (owned?.size === 0) byOwner.delete(owner);
  };
  return {
    of: (uid) => [...(byOwner.get(uid)?.values() ?? [])],
    set: (object) => {
      const key = keyOf(object);
      const owners = ownerUids(object);
      for (const owner of ownersOf.get(key) ?? []) if (!owners.includes(owner)) removeFrom(owner, key);
      // What nobody owns is in no tree below another object.
      if (owners.length === 0) ownersOf.delete(key);
      else ownersOf.set(key, owners);
      for (const owner of owners) {
        const owned = byOwner.get(owner) ?? new Map<ObjectKey, KubeObject>();
        byOwner.set(owner, owned.set(key, object));
      }
    },
    delete: (object) => {
      const key = keyOf(object);
      for (const owner of ownersOf.get(key) ?? []) removeFrom(owner, key);
      ownersOf.delete(key);
    },
  };
}

function ownerUids({ metadata }: KubeObject): readonly string[] {
  return (metadata.ownerReferences ?? []).map(({ uid }) => uid);
}
