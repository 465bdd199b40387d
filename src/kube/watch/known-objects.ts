import type { KubeObject } from "#core/object/index.ts";

/** What a watch has reported so far: turns lists and events into exactly the changes that happened. */
export interface KnownObjects {
  /** A list begins; one that was given up is forgotten. */
  startList(): void;
  /** What is new about a listed or changed object: nothing, itself, or its predecessor's end and itself. */
  applied(object: KubeObject): readonly Change[];
  deleted(object: KubeObject): readonly Change[];
  /** The list is complete: what it did not hold was deleted while nobody watched. */
  endList(): readonly Change[];
}

export interface Change {
  readonly type: "applied" | "deleted";
  readonly object: KubeObject;
}

interface Known {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

export function createKnownObjects(): KnownObjects {
  const known = new Map<string, Known>();
  let seen: Set<string> | undefined;
  return {
    startList: () => {
      seen = new Set();
    },
    applied: (object) => {
      const id = idOf(object);
      seen?.add(id);
      const earlier = known.get(id);
      const current = identityOf(object);
      known.set(id, current);
      if (earlier === undefined) return [{ type: "applied", object }];
      const unchanged =
        current.resourceVersion !== undefined && earlier.resourceVersion === current.resourceVersion;
      if (unchanged) return [];
      const recreated = earlier.uid !== current.uid;
      return [
        ...(recreated ? [{ type: "deleted", object: lastSeen(earlier) } as const] : []),
        { type: "applied", object },
      ];
    },
    deleted: (object) => {
      const id = idOf(object);
      return known.delete(id) ? [{ type: "deleted", object }] : [];
    },
    endList: () => {
      const gone = [...known].filter(([id]) => seen?.has(id) === false);
      seen = undefined;
      return gone.map(([id, identity]) => {
        known.delete(id);
        return { type: "deleted", object: lastSeen(identity) };
      });
    },
  };
}

function idOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
}

function identityOf(object: KubeObject): Known {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const { apiVersion, kind } = object;
  return { apiVersion, kind, namespace, name: name ?? "", uid, resourceVersion };
}

function lastSeen({ apiVersion, kind, namespace, name, uid, resourceVersion }: Known): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}
