/** A resourceVersion as small as it can be kept: a number where it is one (all of Kubernetes' own), else its text. */
export type Version = number | string;

export function parseVersion(resourceVersion: string | undefined): Version {
  const text = resourceVersion ?? "";
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : text;
}

/**
 * True when `a` is certainly older than `b`. Versions of one resource compare as integers (guaranteed since Kubernetes
 * 1.35); of an aggregated API's other versions nothing is certain.
 */
export function isOlder(a: Version, b: Version): boolean {
  return typeof a === "number" && typeof b === "number" && a < b;
}

/**
 * Which objects of one kind exist, and at which version: what is left of an object that nobody claims. It holds a name
 * and a number for each, about 100 bytes, whatever the object's size.
 */
export interface ObjectIndex {
  readonly size: number;
  get(namespace: string, name: string): Version | undefined;
  set(namespace: string, name: string, version: Version): void;
  delete(namespace: string, name: string): void;
  /** Every object, or those of one namespace; may be changed meanwhile. */
  entries(namespace: string | undefined): Iterable<IndexEntry>;
}

export interface IndexEntry {
  readonly namespace: string;
  readonly name: string;
  readonly version: Version;
}

export function createObjectIndex(): ObjectIndex {
  const byNamespace = new Map<string, Map<string, Version>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    get: (namespace, name) => byNamespace.get(namespace)?.get(name),
    set: (namespace, name, version) => {
      let names = byNamespace.get(namespace);
      if (names === undefined) {
        names = new Map();
        byNamespace.set(namespace, names);
      }
      if (!names.has(name)) size += 1;
      names.set(name, version);
    },
    delete: (namespace, name) => {
      const names = byNamespace.get(namespace);
      if (names?.delete(name) !== true) return;
      size -= 1;
      if (names.size === 0) byNamespace.delete(namespace);
    },
    *entries(only) {
      for (const [namespace, names] of byNamespace) {
        if (only !== undefined && only !== namespace) continue;
        for (const [name, version] of names) yield { namespace, name, version };
      }
    },
  };
}
