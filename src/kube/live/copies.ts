import type { KubeObject, ObjectKey } from "#core/object/index.ts";

/** The objects that someone claims or that carry a tracking id, as JSON bytes outside the JavaScript heap. */
export interface Copies {
  readonly count: number;
  readonly bytes: number;
  has(key: ObjectKey): boolean;
  identityOf(key: ObjectKey): CopyIdentity | undefined;
  /** Parsed anew at each call. */
  get(key: ObjectKey): KubeObject | undefined;
  /** The tracking owners must be interned: they are kept as they are. */
  set(key: ObjectKey, object: KubeObject, owners: readonly string[]): void;
  delete(key: ObjectKey): void;
  trackedBy(owner: string): readonly ObjectKey[];
}

interface CopyIdentity {
  readonly uid: string | undefined;
  /** Who owns the object by its tracking id. */
  readonly owners: readonly string[];
}

interface Copy extends CopyIdentity {
  readonly json: Buffer;
}

export function createCopies(): Copies {
  const copies = new Map<ObjectKey, Copy>();
  const tracked = new Map<string, Set<ObjectKey>>();
  let bytes = 0;
  const drop = (key: ObjectKey): void => {
    const copy = copies.get(key);
    if (copy === undefined) return;
    copies.delete(key);
    bytes -= copy.json.length;
    for (const owner of copy.owners) {
      const keys = tracked.get(owner);
      keys?.delete(key);
      if (keys?.size === 0) tracked.delete(owner);
    }
  };
  return {
    get count() {
      return copies.size;
    },
    get bytes() {
      return bytes;
    },
    has: (key) => copies.has(key),
    identityOf: (key) => copies.get(key),
    get: (key) => {
      const json = copies.get(key)?.json;
      return json === undefined ? undefined : (JSON.parse(json.toString("utf8")) as KubeObject);
    },
    set: (key, object, owners) => {
      drop(key);
      const json = bytesOf(JSON.stringify(object));
      bytes += json.length;
      copies.set(key, { json, owners, uid: object.metadata.uid });
      for (const owner of owners) {
        const keys = tracked.get(owner) ?? new Set();
        tracked.set(owner, keys.add(key));
      }
    },
    delete: drop,
    trackedBy: (owner) => [...(tracked.get(owner) ?? [])],
  };
}

/** Memory of its own: `Buffer.from` cuts small ones out of shared blocks, which one survivor keeps alive. */
function bytesOf(text: string): Buffer {
  const buffer = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  buffer.write(text);
  return buffer;
}
