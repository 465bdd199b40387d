import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import { isAbortError, isMooringError } from "#core/errors/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { LiveChange, LiveStore } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";
import { createSnapshotStore } from "./snapshot-store.ts";

const pollMs = 1_000;
/** An API server that takes long to answer is not asked all the time. */
const restFactor = 4;

/**
 * A live store for a command that waits now and then: what is claimed is read, and while somebody listens for changes it is read again and
 * again. It asks for objects one by one, so that rights in one namespace are enough, where a watch wants whole kinds.
 */
export function createPollingStore(
  cluster: Cluster,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): LiveStore {
  const snapshot = createSnapshotStore(cluster);
  const claims = new Map<string, ReadonlySet<ObjectKey>>();
  const failure: { error?: unknown } = {};
  const closing = new Set<() => void>();
  const poll = async (keys: ReadonlySet<ObjectKey>, until: AbortSignal): Promise<readonly LiveChange[]> => {
    const before = new Map([...keys].map((key) => [key, snapshot.resourceVersionOf(key)]));
    await snapshot.claim("poll", keys, until);
    return [...keys].flatMap((key) => {
      const now = snapshot.resourceVersionOf(key);
      return now === before.get(key) ? [] : [{ key, deleted: now === undefined, owners: [] }];
    });
  };
  const follow = async (listener: (change: LiveChange) => void, until: AbortSignal): Promise<void> => {
    let restMs = pollMs;
    for (;;) {
      await clock.sleep(restMs, until);
      const beganMs = performance.now();
      try {
        const keys = new Set([...claims.values()].flatMap((of) => [...of]));
        for (const change of await poll(keys, until)) listener(change);
      } catch (error) {
        const passes = isMooringError(error) && error.retry !== "never" && error.retry !== "bug";
        if (!passes) throw error;
      }
      restMs = Math.max(pollMs, restFactor * (performance.now() - beganMs));
    }
  };
  return {
    ...snapshot,
    claim: async (owner, keys, until) => {
      claims.set(owner, keys);
      return snapshot.claim(owner, keys, until);
    },
    release: (owner) => void claims.delete(owner),
    get: (key): KubeObject | undefined => {
      if ("error" in failure) throw failure.error;
      return snapshot.get(key);
    },
    onChange: (listener) => {
      const stop = new AbortController();
      const until = AbortSignal.any([stop.signal, signal]);
      follow(listener, until).catch((error: unknown) => {
        if (until.aborted && isAbortError(error)) return;
        failure.error = error;
        for (const listener of closing) listener();
      });
      return { [Symbol.dispose]: () => stop.abort() };
    },
    onClose: (listener) => {
      closing.add(listener);
      return { [Symbol.dispose]: () => void closing.delete(listener) };
    },
  };
}
