import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { keyOf, parseObjectKey } from "#core/object/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { ClaimResult, LiveStore } from "#ports/live-store.ts";
import { mapLimit } from "#runtime/limit.ts";

const readConcurrency = 16;

/**
 * A live store for one look: `claim` reads each object once and starts no watch. For commands that end soon, where a
 * watch of whole kinds would cost more than it saves.
 */
export function createSnapshotStore(cluster: Cluster): LiveStore {
  const objects = new Map<ObjectKey, KubeObject>();
  const readOne = async (key: ObjectKey, signal: AbortSignal): Promise<boolean> => {
    const { group, kind, namespace, name } = parseObjectKey(key);
    const type = (await cluster.discover(signal)).typeOf(group, kind);
    if (type === undefined) return false;
    const object = await cluster.read({ type, namespace, name }, signal);
    if (object === undefined) objects.delete(key);
    else objects.set(key, object);
    return true;
  };
  return {
    cluster,
    claim: async (
      _owner: string,
      keys: ReadonlySet<ObjectKey>,
      signal: AbortSignal,
    ): Promise<ClaimResult> => {
      const wanted = [...keys];
      const known = await mapLimit(wanted, readConcurrency, (key) => readOne(key, signal));
      return { unknown: wanted.filter((_, index) => known[index] === false) };
    },
    release: () => undefined,
    watchNamespace: () => Promise.resolve(),
    leaveNamespace: () => undefined,
    straysIn: () => [],
    get: (key) => objects.get(key),
    resourceVersionOf: (key) => objects.get(key)?.metadata.resourceVersion,
    trackedBy: () => [],
    observe: (object) => {
      objects.set(keyOf(object), object);
    },
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
    failureOf: () => undefined,
    onFailure: () => ({ [Symbol.dispose]: () => undefined }),
    closed: false,
    onClose: () => ({ [Symbol.dispose]: () => undefined }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
