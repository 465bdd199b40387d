import type { KubeObject } from "#core/object/index.ts";

/** Where an object is kept: all versions of a kind are one resource, such as `apps/deployments` or `/pods`. */
export interface StoreKey {
  readonly resource: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
}

/** An object as it was written at a revision. */
export interface StoredObject {
  readonly key: StoreKey;
  /** The cluster's revision at which it was written; its `metadata.resourceVersion`. */
  readonly revision: number;
  /** With `metadata.resourceVersion`; deeply read-only. */
  readonly object: KubeObject;
  /** The object's JSON; made once, when it is first asked for. */
  readonly text: string;
}

/** What happened to an object, in the order of revisions without gaps for one resource. */
export interface StoreEvent {
  readonly type: "created" | "updated" | "deleted";
  /** For `deleted` the revision of the deletion, with the object as it was last. */
  readonly stored: StoredObject;
  /** What was there before; undefined for `created`. */
  readonly previous: StoredObject | undefined;
}

export interface StoreListOptions {
  readonly resource: string;
  /** Undefined for all namespaces. */
  readonly namespace?: string;
  /** Only keys behind this one, in the order of namespace and name. */
  readonly after?: { readonly namespace: string; readonly name: string };
  /** State as of this revision; undefined for now. Throws RevisionCompacted when it is no longer known. */
  readonly revision?: number;
}

/** Reads events one after the other from a revision on, without a buffer of its own: a reader that stands still costs nothing. */
export interface StoreReader extends Disposable {
  /** The next event, undefined when there is none yet. Throws RevisionCompacted when the reader has fallen too far behind. */
  next(): StoreEvent | undefined;
  /** The revision up to which everything was read. */
  readonly revision: number;
}

export interface StoreReaderOptions {
  readonly resource: string;
  readonly namespace?: string;
  /** Events after this revision. */
  readonly after: number;
  /** Called, not during a write, when there may be something to read; at most once until `next` has given undefined. */
  readonly onEvents: () => void;
}

/** The revision is older than what is kept: the client has to list again. */
export class RevisionCompacted extends Error {
  override readonly name = "RevisionCompacted";
  /** The oldest revision that can be asked for. */
  readonly oldest: number;

  constructor(asked: number, oldest: number) {
    super(`revision ${asked} is no longer known; the oldest is ${oldest}`);
    this.oldest = oldest;
  }
}

/**
 * Objects of one cluster under one revision, which each write increases by one. Calls are synchronous: what happens between two of
 * them in one turn of the event loop is atomic. A write that has returned is kept as the implementation promises.
 */
export interface Store extends Disposable {
  /** The revision of the last write. */
  readonly revision: number;
  read(key: StoreKey): StoredObject | undefined;
  /** In the order of namespace and name, by bytes. */
  list(options: StoreListOptions): readonly StoredObject[];
  /** Writes under the next revision, which becomes the object's `metadata.resourceVersion`. The object must not be changed afterwards. */
  write(key: StoreKey, object: KubeObject): StoredObject;
  /** Removes; `object` is what the event of the deletion shows. Undefined when there was none. */
  remove(key: StoreKey, object?: KubeObject): StoredObject | undefined;
  openReader(options: StoreReaderOptions): StoreReader;
  /** Forgets events up to a revision; lists and readers of older revisions fail. */
  compact(revision: number): void;
  /** Names of the resources that have objects. */
  resources(): readonly string[];
}
