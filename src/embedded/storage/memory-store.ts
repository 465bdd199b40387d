import type { LogLimits } from "./event-log.ts";
import { type Journal, JournaledStore } from "./journaled-store.ts";
import { identityOf, KeptObject } from "./kept-object.ts";
import type { Store } from "./store.ts";

/** How much of the past is kept, for each resource; older events are compacted away. */
export type MemoryStoreOptions = Partial<LogLimits>;

const defaultLimits: LogLimits = { maxEvents: 20_000, maxBytes: 32 * 1024 * 1024 };

/** An empty cluster's revision: clients take 0 for "any", so a list of nothing must not have it. */
export const firstRevision = 1;

export function resolveLogLimits({ maxEvents, maxBytes }: MemoryStoreOptions): LogLimits {
  return {
    maxEvents: maxEvents ?? defaultLimits.maxEvents,
    maxBytes: maxBytes ?? defaultLimits.maxBytes,
  };
}

const noJournal: Journal = { put: () => undefined, delete: () => undefined, close: () => undefined };

/** What another store holds now, in a store of its own; what happened before is not known. Objects are shared: nobody changes them. */
export function copyToMemoryStore(from: Pick<Store, "resources" | "list" | "revision">): Store {
  const objects = from
    .resources()
    .flatMap((resource) => from.list({ resource }))
    .map(({ key, revision, object }) => new KeptObject(identityOf(key), revision, object));
  const { revision } = from;
  return new JournaledStore({
    journal: noJournal,
    objects,
    revision,
    compacted: revision,
    limits: resolveLogLimits({}),
  });
}

/** A cluster that is gone when the process ends. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new JournaledStore({
    journal: noJournal,
    objects: [],
    revision: firstRevision,
    compacted: 0,
    limits: resolveLogLimits(options),
  });
}
