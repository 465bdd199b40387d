import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import { ownedKinds } from "#engine/owned-kinds.ts";
import type { Cluster, ResourceType, WatchEvent } from "#ports/cluster.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";

/** What controllers have created in one namespace, as last seen. */
export interface OwnedObjects {
  /** By the uid of an owner. */
  readonly of: (uid: string) => readonly KubeObject[];
  /** Called at every change; what is listened to is kept. */
  readonly onChange: (listener: () => void) => Disposable;
}

export interface OwnedObjectsOptions {
  readonly clock: Clock;
  /** Ends all watches. */
  readonly signal: AbortSignal;
}

/** A namespace that nobody asks about any more is not watched for longer. */
const idleMs = 300_000;
/** Namespaces of all clusters that are watched at the same time. */
const maxWatched = 500;

export interface OwnedObjectsSource {
  /** Throws what a first list threw, and API_THROTTLED when too much is looked at. */
  in(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<OwnedObjects>;
}

/**
 * Keeps what is owned in the namespaces that clients look at: the first who asks starts the watches, whoever comes within minutes finds
 * them. While a cluster does not answer, its last known state stands.
 */
export function createOwnedObjects({ clock, signal }: OwnedObjectsOptions): OwnedObjectsSource {
  const clusters = new Map<Cluster, Map<string, Watched>>();
  const forget = (cluster: Cluster, namespace: string): void => {
    const namespaces = clusters.get(cluster);
    namespaces?.get(namespace)?.stop();
    namespaces?.delete(namespace);
    if (namespaces?.size === 0) clusters.delete(cluster);
  };
  const forgetIdle = (): void => {
    for (const [cluster, namespaces] of clusters) {
      for (const [namespace, { isIdle }] of namespaces) if (isIdle()) forget(cluster, namespace);
    }
    clock.after(idleMs, forgetIdle);
  };
  clock.after(idleMs, forgetIdle);
  return {
    in: async (cluster, namespace, asking) => {
      const namespaces = clusters.get(cluster) ?? new Map<string, Watched>();
      let watched = namespaces.get(namespace);
      if (watched === undefined) {
        refuseMore(clusters);
        clusters.set(cluster, namespaces);
        watched = startWatching(cluster, namespace, { clock, signal });
        namespaces.set(namespace, watched);
      }
      watched.use();
      try {
        await waitOrAbort(watched.listed, asking);
      } catch (error) {
        // A kind that could not be listed is asked for anew by the next one.
        if (!asking.aborted) forget(cluster, namespace);
        throw error;
      }
      return watched;
    },
  };
}

function refuseMore(clusters: ReadonlyMap<Cluster, ReadonlyMap<string, Watched>>): void {
  const count = [...clusters.values()].reduce((sum, { size }) => sum + size, 0);
  if (count < maxWatched) return;
  throw new MooringError(
    "API_THROTTLED",
    `resource trees of ${count} namespaces are looked at, and no more are kept; try again in a few minutes`,
  );
}

interface Watched extends OwnedObjects {
  /** Resolves when everything was listed once. */
  readonly listed: Promise<void>;
  readonly use: () => void;
  readonly isIdle: () => boolean;
  readonly stop: () => void;
}

function startWatching(cluster: Cluster, namespace: string, options: OwnedObjectsOptions): Watched {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const objects = new Map<string, KubeObject>();
  const listeners = new Set<() => void>();
  const change = (apply: () => void): void => {
    apply();
    for (const listener of listeners) listener();
  };
  const listed = discoverOwned(cluster, signal).then(async (types) => {
    await Promise.all(types.map((type) => watchKind(cluster, type, { namespace, signal, objects, change })));
  });
  let usedMs = options.clock.now();
  return {
    listed,
    of: (uid) => [...objects.values()].filter((object) => isOwnedBy(object, uid)),
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    use: () => void (usedMs = options.clock.now()),
    isIdle: () => listeners.size === 0 && options.clock.now() - usedMs > idleMs,
    stop: () => stop.abort(),
  };
}

function isOwnedBy({ metadata }: KubeObject, uid: string): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

async function discoverOwned(cluster: Cluster, signal: AbortSignal): Promise<readonly ResourceType[]> {
  const discovery = await cluster.discover(signal);
  return ownedKinds
    .map(([group, kind]) => discovery.typeOf(group, kind))
    .filter((type) => type !== undefined);
}

interface KindWatch {
  readonly namespace: string;
  readonly objects: Map<string, KubeObject>;
  readonly change: (apply: () => void) => void;
  readonly signal: AbortSignal;
}

/** What the controller may not list in a cluster, it cannot show. */
function isForbidden(event: WatchEvent): boolean {
  return event.type === "disconnected" && isMooringError(event.error, "KUBE_FORBIDDEN");
}

/** Resolves when the kind was listed, and goes on watching. */
function watchKind(
  cluster: Cluster,
  type: ResourceType,
  { namespace, objects, change, signal }: KindWatch,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    for await (const event of cluster.watch(type, { namespace, signal })) {
      if (event.type === "synced" || isForbidden(event)) resolve();
      else if (event.type === "disconnected") reject(event.error);
      else if (event.type === "deleted") change(() => void objects.delete(keyOf(event.object)));
      else change(() => void objects.set(keyOf(event.object), withoutOwnersOfFields(event.object)));
    }
    reject(new MooringError("API_CLOSING", "the server closes; try again in a moment"));
  };
  // Only a broken invariant ends a watch with an error: who waits is told, and so is nobody else.
  run().catch(reject);
  return promise;
}

/** Half of an object says who owns which field, and no tree shows it. */
function withoutOwnersOfFields(object: KubeObject): KubeObject {
  const { managedFields: _owners, ...metadata } = object.metadata;
  return { ...object, metadata };
}
