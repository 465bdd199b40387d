import { isAbortError, MooringError } from "#core/errors/index.ts";
import {
  type KubeObject,
  objectKey,
  type ObjectKey,
  parseApiVersion,
  parseObjectKey,
} from "#core/object/index.ts";
import type { Discovery, ResourceType } from "#ports/cluster.ts";
import type { ClaimResult, LiveChange, LiveFailure, LiveStore, NamespaceWatch } from "#ports/live-store.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import { mapLimit } from "#runtime/limit.ts";
import { msSince, type Clock, systemClock } from "#runtime/clock.ts";
import type { KubeCluster } from "../cluster/start-cluster.ts";
import { createClaims, kindOfKey } from "./claims.ts";
import { createCopies } from "./copies.ts";
import type { Shared } from "./kind-state.ts";
import { type KindWatch, startKindWatch } from "./kind-watch.ts";
import { createNamespaceWatchers, isVolumeOf } from "./namespace-watchers.ts";

export interface LiveStoreOptions {
  /** The owners that an object's tracking id names. */
  readonly ownersOf: (object: KubeObject) => readonly string[];
  /** Kinds never to watch, as `resource.exclusions` says; their keys count as unknown. */
  readonly exclude?: (group: string, kind: string) => boolean;
  /** Only these namespaces are watched; empty means all. */
  readonly namespaces?: readonly string[];
  /** With `namespaces`: watch cluster-scoped kinds too. */
  readonly clusterResources?: boolean;
  /** How long a claim waits for the first list of a kind. Default 60 seconds. */
  readonly syncTimeoutMs?: number;
  /** How long a kind that nobody claims any more stays watched. Default 60 seconds. */
  readonly idleMs?: number;
  /** How long a watch may be down before what it knew counts as out of date. Default 10 seconds. */
  readonly failureAfterMs?: number;
  readonly clock?: Clock;
}

/** Live state of one cluster. The cluster is left open when the store is disposed. */
export function startLiveStore(cluster: KubeCluster, options: LiveStoreOptions): LiveStore {
  return new KubeLiveStore(cluster, options);
}

const readConcurrency = 8;
/** How long one who watches a namespace waits for kinds that nobody watched yet. */
const namespaceSyncMs = 10_000;
/** A kind that discovery does not know is looked for anew, but not more often. */
const refreshIntervalMs = 1_000;
/** The watches of a cluster fail and recover one after the other: their owners hear of it once. */
const failureDebounceMs = 500;

class KubeLiveStore implements LiveStore {
  readonly cluster: KubeCluster;
  readonly #options: LiveStoreOptions;
  readonly #clock: Clock;
  readonly #claims = createClaims();
  readonly #copies = createCopies();
  readonly #namespaces = createNamespaceWatchers();
  /** Kinds that could not be listed for whoever watches a namespace, by what the cluster was known to serve. */
  #unlistable: { readonly discovery: Discovery; readonly kinds: Set<string> } | undefined;
  readonly #watches = new Map<string, KindWatch>();
  readonly #ending = new Set<Promise<void>>();
  readonly #idle = new Map<string, Disposable>();
  readonly #listeners = new Set<(change: LiveChange) => void>();
  readonly #failureListeners = new Set<(owners: readonly string[]) => void>();
  readonly #shared: Shared;
  readonly #closeListeners = new Set<() => void>();
  #failureTimer: Disposable | undefined;
  #closed = false;
  #refreshedAt = -Infinity;

  constructor(cluster: KubeCluster, options: LiveStoreOptions) {
    this.cluster = cluster;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#shared = {
      claims: this.#claims,
      copies: this.#copies,
      ownersOf: internOwners(options.ownersOf),
      watchersOf: (namespace) => this.#namespaces.of(namespace),
      emit: (change) => {
        for (const listener of this.#listeners) listener(change);
      },
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  async claim(owner: string, keys: ReadonlySet<ObjectKey>, signal: AbortSignal): Promise<ClaimResult> {
    this.#refuseClosed();
    try {
      const result = await this.#claim(owner, keys, signal);
      this.#refuseClosed();
      return result;
    } catch (error) {
      if (!(signal.aborted && isAbortError(error))) this.#refuseClosed(error);
      throw error;
    }
  }

  release(owner: string): void {
    this.#setClaim(owner, new Set());
    this.leaveNamespace(owner);
  }

  async watchNamespace(owner: string, watch: NamespaceWatch, signal: AbortSignal): Promise<void> {
    this.#refuseClosed();
    this.#namespaces.set(owner, watch.namespace);
    try {
      await this.#watchKinds(watch, signal);
      throwIfAborted(signal);
      this.#refuseClosed();
    } catch (error) {
      if (!(signal.aborted && isAbortError(error))) this.#refuseClosed(error);
      throw error;
    }
  }

  leaveNamespace(owner: string): void {
    if (!this.#namespaces.any) return;
    this.#namespaces.set(owner, undefined);
    if (this.#namespaces.any) return;
    for (const kind of this.#watches.keys()) if (!this.#claims.isKindClaimed(kind)) this.#endWhenIdle(kind);
  }

  straysIn(namespace: string): readonly ObjectKey[] {
    this.#refuseClosed();
    const statefulSets = new Set(this.#watches.get("apps/StatefulSet")?.state.independentIn(namespace));
    const strays: ObjectKey[] = [];
    for (const [watched, { state }] of this.#watches) {
      const [group = "", kind = ""] = watched.split("/");
      for (const name of state.independentIn(namespace)) {
        const key = objectKey({ group, kind, namespace, name });
        const owned = this.#claims.isClaimed(key) || (this.#copies.identityOf(key)?.owners ?? []).length > 0;
        const isVolume = watched === "/PersistentVolumeClaim" && isVolumeOf(name, statefulSets);
        if (!owned && !isVolume) strays.push(key);
      }
    }
    return strays;
  }

  get(key: ObjectKey): KubeObject | undefined {
    this.#refuseClosed();
    return this.#copies.get(key);
  }

  resourceVersionOf(key: ObjectKey): string | undefined {
    this.#refuseClosed();
    return this.#versionOf(key)?.toString();
  }

  trackedBy(owner: string): readonly ObjectKey[] {
    this.#refuseClosed();
    return this.#copies.trackedBy(owner);
  }

  observe(object: KubeObject): void {
    const { group } = parseApiVersion(object.apiVersion);
    this.#watches.get(`${group}/${object.kind}`)?.state.observe(object);
  }

  onChange(listener: (change: LiveChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  failureOf(owner: string): LiveFailure | undefined {
    const failing = [...this.#watches].flatMap(([kind, { failure }]) =>
      failure === undefined ? [] : [{ kind, failure }],
    );
    if (failing.length === 0) return undefined;
    const claimed = this.#claims.kindsOf(owner);
    return failing
      .filter(({ kind }) => claimed.has(kind))
      .map(({ failure }) => failure)
      .toSorted((a, b) => a.sinceMs - b.sinceMs)[0];
  }

  onFailure(listener: (owners: readonly string[]) => void): Disposable {
    this.#failureListeners.add(listener);
    return { [Symbol.dispose]: () => this.#failureListeners.delete(listener) };
  }

  onClose(listener: () => void): Disposable {
    this.#closeListeners.add(listener);
    return { [Symbol.dispose]: () => this.#closeListeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
    this.#closeListeners.clear();
    this.#failureTimer?.[Symbol.dispose]();
    for (const timer of this.#idle.values()) timer[Symbol.dispose]();
    this.#listeners.clear();
    this.#failureListeners.clear();
    for (const kind of this.#watches.keys()) this.#end(kind);
    await Promise.all(this.#ending);
  }

  #refuseClosed(cause?: unknown): void {
    if (!this.#closed) return;
    const { server } = this.cluster;
    const message = `cluster ${server}: its connection was closed, because its Secret changed; it is repeated on the new one`;
    throw new MooringError("KUBE_CLOSED", message, { key: server, cause });
  }

  async #claim(owner: string, keys: ReadonlySet<ObjectKey>, signal: AbortSignal): Promise<ClaimResult> {
    this.#setClaim(owner, keys);
    const kinds = Map.groupBy(keys, kindOfKey);
    const discovery = await this.#discover([...kinds.keys()], signal);
    this.#refuseClosed();
    const unknown: ObjectKey[] = [];
    const excluded: ObjectKey[] = [];
    const watches: KindWatch[] = [];
    for (const [kind, claimed] of kinds) {
      const type = typeOf(discovery, kind);
      if (type === undefined) {
        unknown.push(...claimed);
        continue;
      }
      const outside = claimed.filter((key) => this.#isExcluded(key, type));
      excluded.push(...outside);
      if (outside.length < claimed.length) watches.push(this.#watchOf(kind, type));
    }
    const timeoutMs = this.#options.syncTimeoutMs ?? 60_000;
    await Promise.all(watches.map((watch) => watch.waitSynced(timeoutMs, signal)));
    await this.#readDropped(keys, discovery, signal);
    return excluded.length === 0 ? { unknown } : { unknown: [...unknown, ...excluded], excluded };
  }

  /** Starts the watches of the wanted kinds that nobody watches yet. */
  async #watchKinds({ namespace, wants }: NamespaceWatch, signal: AbortSignal): Promise<void> {
    const discovery = await this.cluster.discover(signal);
    this.#refuseClosed();
    if (this.#unlistable?.discovery !== discovery) this.#unlistable = { discovery, kinds: new Set() };
    const { kinds: unlistable } = this.#unlistable;
    const types = discovery.types.filter((type) => type.namespaced && wants(type));
    const kinds = new Set(types.map(({ group, kind }) => `${group}/${kind}`));
    const started = [...kinds].flatMap((kind) => {
      const type = this.#watches.has(kind) || unlistable.has(kind) ? undefined : typeOf(discovery, kind);
      if (type === undefined) return [];
      const some = objectKey({ group: type.group, kind: type.kind, namespace, name: "" });
      return this.#isExcluded(some, type) ? [] : [{ kind, watch: this.#watchOf(kind, type) }];
    });
    const results = await Promise.allSettled(
      started.map(({ watch }) => watch.waitSynced(namespaceSyncMs, signal)),
    );
    if (signal.aborted) return;
    for (const [i, { kind }] of started.entries()) {
      if (results[i]?.status === "fulfilled") continue;
      unlistable.add(kind);
      if (!this.#claims.isKindClaimed(kind)) this.#end(kind);
    }
  }

  #failureChanged(): void {
    this.#failureTimer ??= this.#clock.after(failureDebounceMs, () => {
      this.#failureTimer = undefined;
      const owners = this.#claims.owners();
      for (const listener of this.#failureListeners) listener(owners);
    });
  }

  #setClaim(owner: string, keys: ReadonlySet<ObjectKey>): void {
    const freed = this.#claims.set(owner, keys);
    for (const key of freed) this.#watches.get(kindOfKey(key))?.state.unclaimed(key);
    for (const kind of new Set(freed.map(kindOfKey))) {
      if (!this.#isNeeded(kind) && this.#watches.has(kind)) this.#endWhenIdle(kind);
    }
  }

  /** Applications are often gone for a moment only, as while they are renamed or re-created. */
  #endWhenIdle(kind: string): void {
    this.#idle.get(kind)?.[Symbol.dispose]();
    const end = (): void => {
      this.#idle.delete(kind);
      if (!this.#isNeeded(kind)) this.#end(kind);
    };
    this.#idle.set(kind, this.#clock.after(this.#options.idleMs ?? 60_000, end));
  }

  #isNeeded(kind: string): boolean {
    return this.#claims.isKindClaimed(kind) || this.#namespaces.any;
  }

  #end(kind: string): void {
    const watch = this.#watches.get(kind);
    if (watch === undefined) return;
    this.#watches.delete(kind);
    watch.state.forget();
    const ending: Promise<void> = Promise.resolve(watch[Symbol.asyncDispose]()).finally(() => {
      this.#ending.delete(ending);
    });
    this.#ending.add(ending);
  }

  #isExcluded(key: ObjectKey, type: ResourceType): boolean {
    const { group, kind, namespace } = parseObjectKey(key);
    if (this.#options.exclude?.(group, kind) === true) return true;
    const restricted = this.#options.namespaces ?? [];
    if (restricted.length === 0) return false;
    return type.namespaced ? !restricted.includes(namespace) : this.#options.clusterResources !== true;
  }

  async #discover(kinds: readonly string[], signal: AbortSignal): Promise<Discovery> {
    const discovery = await this.cluster.discover(signal);
    const missing = kinds.some((kind) => typeOf(discovery, kind) === undefined);
    if (!missing || msSince(this.#clock, this.#refreshedAt) < refreshIntervalMs) return discovery;
    this.#refreshedAt = this.#clock.now();
    return this.cluster.discover(signal, { refresh: true });
  }

  #watchOf(kind: string, type: ResourceType): KindWatch {
    const known = this.#watches.get(kind);
    if (known !== undefined) return known;
    const restricted = this.#options.namespaces ?? [];
    const watch: KindWatch = startKindWatch({
      cluster: this.cluster,
      type,
      shared: this.#shared,
      namespaces: type.namespaced && restricted.length > 0 ? restricted : [undefined],
      clock: this.#clock,
      failureAfterMs: this.#options.failureAfterMs ?? 10_000,
      onFailure: () => this.#failureChanged(),
      onGone: () => {
        if (this.#watches.get(kind) === watch) this.#watches.delete(kind);
      },
    });
    this.#watches.set(kind, watch);
    return watch;
  }

  #versionOf(key: ObjectKey): number | string | undefined {
    const { group, kind, namespace, name } = parseObjectKey(key);
    return this.#watches.get(`${group}/${kind}`)?.state.versionOf(namespace, name);
  }

  /** Objects that exist but came before anyone claimed them were reduced to their index entry. */
  async #readDropped(keys: ReadonlySet<ObjectKey>, discovery: Discovery, signal: AbortSignal): Promise<void> {
    const dropped = [...keys].filter((key) => !this.#copies.has(key) && this.#versionOf(key) !== undefined);
    await mapLimit(dropped, readConcurrency, async (key) => {
      const { group, kind, namespace, name } = parseObjectKey(key);
      const type = discovery.typeOf(group, kind);
      if (type === undefined) return;
      const object = await this.cluster.read({ type, namespace, name }, signal);
      // One that is gone by now is reported by the watch.
      if (object !== undefined) this.observe(object);
    });
  }
}

/** The type of a kind (`group/Kind`) that can be watched: some, such as reviews, can only be created. */
function typeOf(discovery: Discovery, kind: string): ResourceType | undefined {
  const [group = "", name = ""] = kind.split("/");
  const type = discovery.typeOf(group, name);
  return type?.verbs.includes("list") === true && type.verbs.includes("watch") ? type : undefined;
}

/** The same owner is always the same string: one cut out of an annotation would keep the whole annotation alive. */
function internOwners(ownersOf: LiveStoreOptions["ownersOf"]): LiveStoreOptions["ownersOf"] {
  const interned = new Map<string, string>();
  return (object) =>
    ownersOf(object).map((owner) => {
      const known = interned.get(owner);
      if (known !== undefined) return known;
      const own = Buffer.from(owner).toString();
      interned.set(own, own);
      return own;
    });
}
