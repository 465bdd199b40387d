import type { KubeObject } from "#core/object/index.ts";
import { formatApiVersion } from "#core/object/index.ts";
import { ApiError } from "../api-error.ts";
import type { ServedKind } from "../kinds/served-kind.ts";
import type { StoreEvent, StoredObject, StoreReader } from "../storage/store.ts";
import { RevisionCompacted } from "../storage/store.ts";
import type { Target, WatchItem, WatchReader, WatchRequest } from "./api.ts";
import type { ClusterState } from "./cluster-state.ts";
import { inVersion, parseRevision, selectorOf } from "./read.ts";

/**
 * Watches a collection, or one object by its name. What enters a selector is ADDED and what leaves it DELETED, whatever happened
 * to it.
 */
export function watchObjects(state: ClusterState, target: Target, request: WatchRequest): WatchReader {
  const asked = parseRevision(request.resourceVersion);
  const { kind, namespace, name } = target;
  const isSelected = selectorOf(kind, request);
  const startsWithState = request.sendInitialEvents || asked === undefined;
  const scope = { resource: kind.resource, ...(namespace === "" ? {} : { namespace }) };
  const initial = startsWithState
    ? state.store
        .list(scope)
        .filter(({ key, object }) => (name === "" || key.name === name) && isSelected(object))
    : [];
  const after = startsWithState ? state.store.revision : (asked ?? 0);
  const reader = translated(() => state.store.openReader({ ...scope, after, onEvents: request.onEvents }));
  return new Watch({
    reader,
    initial: initial[Symbol.iterator](),
    endsInitial: request.sendInitialEvents && request.allowBookmarks,
    empty: emptyObject(state, kind),
    shown: (stored) => inVersion(kind, stored),
    isSelected: (stored) => (name === "" || stored.key.name === name) && isSelected(stored.object),
  });
}

const initialEventsEnd = { "k8s.io/initial-events-end": "true" };

function emptyObject({ rules }: ClusterState, kind: ServedKind): KubeObject {
  const type = { kind: kind.kind, apiVersion: formatApiVersion(kind.group, kind.version) };
  return rules.empty(kind) ?? { ...type, metadata: {} };
}

interface WatchState {
  readonly reader: StoreReader;
  readonly initial: Iterator<StoredObject>;
  readonly endsInitial: boolean;
  /** What bookmarks are made of. */
  readonly empty: KubeObject;
  readonly shown: (stored: StoredObject) => StoredObject;
  readonly isSelected: (stored: StoredObject) => boolean;
}

class Watch implements WatchReader {
  readonly #state: WatchState;
  #isInitial = true;

  constructor(state: WatchState) {
    this.#state = state;
  }

  next(): WatchItem | undefined {
    if (this.#isInitial) {
      const first = this.#state.initial.next();
      if (first.done !== true) return { type: "ADDED", stored: this.#state.shown(first.value) };
      this.#isInitial = false;
      if (this.#state.endsInitial) return this.#bookmark(true);
    }
    for (;;) {
      const event = translated(() => this.#state.reader.next());
      if (event === undefined) return undefined;
      const item = this.#itemOf(event);
      if (item !== undefined) return item;
    }
  }

  bookmark(): WatchItem {
    return this.#bookmark(false);
  }

  [Symbol.dispose](): void {
    this.#state.reader[Symbol.dispose]();
  }

  #bookmark(endsInitial: boolean): WatchItem {
    const { empty, reader } = this.#state;
    const metadata = {
      ...empty.metadata,
      resourceVersion: String(reader.revision),
      ...(endsInitial ? { annotations: initialEventsEnd } : {}),
    };
    return { type: "BOOKMARK", object: { ...empty, metadata } };
  }

  #itemOf({ type, stored, previous }: StoreEvent): WatchItem | undefined {
    const { isSelected, shown } = this.#state;
    const was = previous !== undefined && isSelected(previous);
    const is = type !== "deleted" && isSelected(stored);
    if (is) return { type: was ? "MODIFIED" : "ADDED", stored: shown(stored) };
    if (!was) return undefined;
    return { type: "DELETED", stored: shown(type === "deleted" ? stored : leaving(previous, stored)) };
  }
}

/** What left a selector is shown as it was last in it, with the revision at which it left. */
function leaving(previous: StoredObject, { revision }: StoredObject): StoredObject {
  const metadata = { ...previous.object.metadata, resourceVersion: String(revision) };
  const object = { ...previous.object, metadata };
  return {
    key: previous.key,
    revision,
    object,
    get text() {
      return JSON.stringify(object);
    },
  };
}

function translated<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RevisionCompacted)) throw error;
    throw new ApiError(
      "Expired",
      `too old resource version: ${error.message.match(/\d+/)?.[0] ?? ""} (${error.oldest})`,
    );
  }
}
