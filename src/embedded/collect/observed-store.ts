import type { Store, StoreEvent } from "../storage/store.ts";

/** A store that tells of each event when it has happened; the listener must not write. */
export function observeStore(store: Store, onEvent: (event: StoreEvent) => void): Store {
  return {
    get revision() {
      return store.revision;
    },
    read: (key) => store.read(key),
    list: (options) => store.list(options),
    write: (key, object) => {
      const previous = store.read(key);
      const stored = store.write(key, object);
      onEvent({ type: previous === undefined ? "created" : "updated", stored, previous });
      return stored;
    },
    remove: (key, object) => {
      const previous = store.read(key);
      const stored = store.remove(key, object);
      if (stored !== undefined) onEvent({ type: "deleted", stored, previous });
      return stored;
    },
    openReader: (options) => store.openReader(options),
    compact: (revision) => store.compact(revision),
    resources: () => store.resources(),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
