import { type ObjectKey, parseObjectKey } from "#core/object/index.ts";

/** Who needs which objects, and therefore which kinds. */
export interface Claims {
  /** Replaces the owner's claim; returns the keys that nobody claims any more. */
  set(owner: string, keys: ReadonlySet<ObjectKey>): readonly ObjectKey[];
  claimantsOf(key: ObjectKey): readonly string[];
  isClaimed(key: ObjectKey): boolean;
  owners(): readonly string[];
  /** The kinds (`group/Kind`) of the objects that an owner claims. */
  kindsOf(owner: string): ReadonlySet<string>;
  /** Whether anyone claims an object of this kind (`group/Kind`). */
  isKindClaimed(kind: string): boolean;
}

const nobody: readonly string[] = [];

export function createClaims(): Claims {
  const claims = new Map<string, ReadonlySet<ObjectKey>>();
  const claimants = new Map<ObjectKey, readonly string[]>();
  const keysOfKind = new Map<string, number>();
  const count = (key: ObjectKey, change: 1 | -1): void => {
    const kind = kindOfKey(key);
    const keys = (keysOfKind.get(kind) ?? 0) + change;
    if (keys === 0) keysOfKind.delete(kind);
    else keysOfKind.set(kind, keys);
  };
  const add = (owner: string, key: ObjectKey): void => {
    const others = claimants.get(key);
    if (others === undefined) count(key, 1);
    claimants.set(key, others === undefined ? [owner] : [...others, owner]);
  };
  const remove = (owner: string, key: ObjectKey): boolean => {
    const others = (claimants.get(key) ?? nobody).filter((other) => other !== owner);
    if (others.length > 0) {
      claimants.set(key, others);
      return false;
    }
    claimants.delete(key);
    count(key, -1);
    return true;
  };
  return {
    set: (owner, keys) => {
      const earlier = claims.get(owner) ?? new Set<ObjectKey>();
      // A copy: the caller may go on changing its set.
      if (keys.size === 0) claims.delete(owner);
      else claims.set(owner, new Set(keys));
      for (const key of keys) if (!earlier.has(key)) add(owner, key);
      return [...earlier].filter((key) => !keys.has(key) && remove(owner, key));
    },
    claimantsOf: (key) => claimants.get(key) ?? nobody,
    isClaimed: (key) => claimants.has(key),
    owners: () => [...claims.keys()],
    kindsOf: (owner) => new Set([...(claims.get(owner) ?? [])].map((key) => kindOfKey(key))),
    isKindClaimed: (kind) => keysOfKind.has(kind),
  };
}

/** `group/Kind`: the unit that is watched. */
export function kindOfKey(key: ObjectKey): string {
  const { group, kind } = parseObjectKey(key);
  return `${group}/${kind}`;
}
