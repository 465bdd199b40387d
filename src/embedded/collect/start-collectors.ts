import type { Clock } from "#runtime/clock.ts";
import type { StoreEvent, StoreKey } from "../storage/store.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { namespaces } from "../verbs/namespaces.ts";
import { GarbageCollector } from "./garbage.ts";
import { NamespaceEnd } from "./namespace-end.ts";
import { NamespaceContent } from "../workloads/index.ts";

/** How many objects are looked at before other work of the process gets its turn. */
const turn = 200;

export interface Collectors extends Disposable {
  note(event: StoreEvent): void;
}

export interface CollectorOptions {
  readonly clock: Clock;
  /** PEM of the authority that the API server's certificate is from. */
  readonly certificate: string;
  /** Told of what no collector expects; the object is looked at again by its next event. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Deletes what is owned by nobody any more and what is in namespaces that end, and makes what every namespace has; after the request
 * that causes it.
 */
export function startCollectors(state: ClusterState, options: CollectorOptions): Collectors {
  const { clock, certificate, onFailure } = options;
  const garbage = new GarbageCollector(state);
  const content = new NamespaceContent(state, { certificate });
  const ends = new NamespaceEnd(state);
  const queue = new Map<string, StoreKey>();
  let scheduled: Disposable | undefined;
  let isStopped = false;
  const run = () => {
    scheduled = undefined;
    for (const [id, key] of [...queue].slice(0, turn)) {
      queue.delete(id);
      try {
        if (key.resource === namespaces) {
          ends.advance(key);
          content.advance(key);
        }
        garbage.collect(key);
      } catch (error) {
        onFailure(error);
      }
    }
    if (queue.size > 0) schedule();
  };
  const schedule = () => {
    if (!isStopped) scheduled ??= clock.after(0, run);
  };
  const enqueue = (keys: readonly StoreKey[]) => {
    for (const key of keys) queue.set(`${key.resource} ${key.namespace} ${key.name}`, key);
    if (queue.size > 0) schedule();
  };
  enqueue([...garbage.all(), ...ends.all(), ...content.all()]);
  return {
    note: (event) => {
      enqueue([...garbage.note(event), ...ends.note(event), ...content.note(event)]);
    },
    [Symbol.dispose]: () => {
      isStopped = true;
      scheduled?.[Symbol.dispose]();
    },
  };
}
