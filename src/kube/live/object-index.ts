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

/** What an entry says besides its version is in the version's sign: a second map of a hundred thousand names would cost megabytes. */
function encode(version: Version, dependent: boolean): Version {
  if (!dependent) return version;
  return typeof version === "number" ? -1 - version : `!${version}`;
}

function decode(stored: Version): Pick<IndexEntry, "version" | "dependent"> {
  if (typeof stored === "number")
    return stored < 0 ? { version: -1 - stored, dependent: true } : { version: stored, dependent: false };
  const dependent = stored.startsWith("!");
  return { version: dependent ? stored.slice(1) : stored, dependent };
}

/**
 * Which objects of one kind exist, and at which version: what is left of an object that nobody claims. It holds a name
 * and a number for each, about 100 bytes, whatever the object's size.
 */
export interface ObjectIndex {
  readonly size: number;
  get(namespace: string, name: string): Version | undefined;
  /** Whether other objects own it; undefined when there is no such object. */
  isDependent(namespace: string, name: string): boolean | undefined;
  set(object: IndexEntry): void;
  delete(namespace: string, name: string): void;
  /** Every object, or those of one namespace; may be changed meanwhile. */
  entries(namespace: string | undefined): Iterable<IndexEntry>;
}

export interface IndexEntry {
  readonly namespace: string;
  readonly name: string;
  readonly version: Version;
  /** Other objects own it. */
  readonly dependent: boolean;
}

export function createObjectIndex(): ObjectIndex {
  const byNamespace = new Map<string, Map<string, Version>>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    get: (namespace, name) => {
      const stored = byNamespace.get(namespace)?.get(name);
      return stored === undefined ? undefined : decode(stored).version;
    },
    isDependent: (namespace, name) => {
      const stored = byNamespace.get(namespace)?.get(name);
      return stored === undefined ? undefined : decode(stored).dependent;
    },
    set: ({ namespace, name, version, dependent }) => {
      let names = byNamespace.get(namespace);
      if (names === undefined) {
        names = new Map();
        byNamespace.set(namespace, names);
      }
      if (!names.has(name)) size += 1;
      names.set(name, encode(version, dependent));
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
        for (const [name, stored] of names) yield { namespace, name, ...decode(stored) };
      }
    },
  };
}
