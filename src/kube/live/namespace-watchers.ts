/** Who watches which namespace. */
export interface NamespaceWatchers {
  /** Replaces what the owner watched; undefined for nothing. */
  set(owner: string, namespace: string | undefined): void;
  of(namespace: string): readonly string[];
  readonly any: boolean;
}

const nobody: readonly string[] = [];

export function createNamespaceWatchers(): NamespaceWatchers {
  const watched = new Map<string, string>();
  const watchers = new Map<string, readonly string[]>();
  return {
    set: (owner, namespace) => {
      const before = watched.get(owner);
      if (before === namespace) return;
      if (before !== undefined) {
        const others = (watchers.get(before) ?? nobody).filter((other) => other !== owner);
        if (others.length === 0) watchers.delete(before);
        else watchers.set(before, others);
      }
      if (namespace === undefined) watched.delete(owner);
      else {
        watched.set(owner, namespace);
        watchers.set(namespace, [...(watchers.get(namespace) ?? nobody), owner]);
      }
    },
    of: (namespace) => watchers.get(namespace) ?? nobody,
    get any() {
      return watched.size > 0;
    },
  };
}

/**
 * Claims of volumes that a StatefulSet made for its pods: they have no owner reference, so that they outlive it, but they are not
 * orphans while it is there.
 */
export function isVolumeOf(claim: string, statefulSets: ReadonlySet<string>): boolean {
  const parts = claim.split("-");
  if (!/^\d+$/u.test(parts.pop() ?? "")) return false;
  // The name of the template comes first, and both names may have dashes in them.
  return parts.some((_, i) => i > 0 && statefulSets.has(parts.slice(i).join("-")));
}
