import type { KubeObject, ObjectKey } from "#core/object/index.ts";
import type { Cluster } from "./cluster.ts";

/** Something happened to an object that one or more owners claimed. */
export interface LiveChange {
  readonly key: ObjectKey;
  readonly deleted: boolean;
  /** The owners (application keys) whose claim contains the key, or whose tracking id the object carries. */
  readonly owners: readonly string[];
}

export interface ClaimResult {
  /** Claimed keys whose group and kind the cluster does not serve, or that the store does not watch. */
  readonly unknown: readonly ObjectKey[];
  /** Those of `unknown` that are excluded: by kind, or by the namespaces this cluster is restricted to. */
  readonly excluded?: readonly ObjectKey[];
}

export interface NamespaceWatch {
  readonly namespace: string;
  readonly wants: (kind: { readonly group: string; readonly kind: string }) => boolean;
}

/** Watches that do not reconnect. */
export interface LiveFailure {
  readonly error: Error;
  /** Unix milliseconds. */
  readonly sinceMs: number;
}

/**
 * What lives in one cluster, as far as applications need it: kinds that hold claimed objects are watched in full;
 * claimed objects keep a compact byte copy outside the JavaScript heap, all others only an index entry.
 */
export interface LiveStore extends AsyncDisposable {
  readonly cluster: Cluster;
  /**
   * Declares the keys that an owner needs, replacing its earlier claim. Starts the missing watches, waits for their first
   * list, and reads what an earlier event had dropped. Throws the watch's error when a kind cannot be listed within
   * the store's sync timeout, and KUBE_CLOSED once the store is closed, as the reading methods do: what is not known
   * any more must not look like what does not exist.
   */
  claim(owner: string, keys: ReadonlySet<ObjectKey>, signal: AbortSignal): Promise<ClaimResult>;
  /** Ends the owner's claim, and its watch of a namespace. */
  release(owner: string): void;
  /**
   * Has the wanted kinds of a namespace known for an owner, in place of what it watched before, and waits for their first lists; kinds that
   * may not be listed are left out. The owner is told when an object appears that no other object owns, and when one goes.
   */
  watchNamespace(owner: string, watch: NamespaceWatch, signal: AbortSignal): Promise<void>;
  /** Ends that. Kinds that nobody needs any more are not watched for long. */
  leaveNamespace(owner: string): void;
  /** Known objects of a namespace that no object owns, nobody claims and no tracking id marks. */
  straysIn(namespace: string): readonly ObjectKey[];
  /** A claimed object as last seen; undefined when it does not exist. Managed fields are included. */
  get(key: ObjectKey): KubeObject | undefined;
  /** Cheap: no parsing. */
  resourceVersionOf(key: ObjectKey): string | undefined;
  /** Keys of live objects of watched kinds that carry this owner's tracking id. */
  trackedBy(owner: string): readonly ObjectKey[];
  /** Feeds the answer of our own write, so that a read after it is never older than it. */
  observe(object: KubeObject): void;
  onChange(listener: (change: LiveChange) => void): Disposable;
  /** Set while kinds that the owner claims cannot be watched for some time: what is known of them is their last known state. */
  failureOf(owner: string): LiveFailure | undefined;
  /** Told, with the owners that may be concerned, when such a failure begins and when it is over. */
  onFailure(listener: (owners: readonly string[]) => void): Disposable;
  /** True from the moment when disposal begins. */
  readonly closed: boolean;
  /** Called once when disposal begins, so that nobody waits for a change that will not come. */
  onClose(listener: () => void): Disposable;
}
