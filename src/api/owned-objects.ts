import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { ownedKinds } from "#engine/owned-kinds.ts";
import type { Cluster, ResourceType, WatchEvent } from "#ports/cluster.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";
import type { OwnedIndex } from "./owned-index.ts";
import { createOwnedIndex } from "./owned-index.ts";

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
  /** Throws what a first list threw, and API_THROTTLED when streams listen to as many namespaces as are watched. */
  in(cluster: Cluster, namespace: string, signal: AbortSignal): Promise<OwnedObjects>;
}

/** The watched namespaces of each cluster. */
type Watches = Map<Cluster, Map<string, Watched>>;

/**
 * Keeps what is owned in the namespaces that clients look at: the first who asks starts the watches, whoever comes within minutes finds
 * them. While a cluster does not answer, its last known state stands. Where there would be too many, the one that nobody has looked at for
 * longest makes room.
 */
export function createOwnedObjects({ clock, signal }: OwnedObjectsOptions): OwnedObjectsSource {
  const clusters: Watches = new Map();
  const forgetIdle = (): void => {
    for (const watched of all(clusters)) if (watched.isIdle()) forget(clusters, watched);
    clock.after(idleMs, forgetIdle);
  };
  clock.after(idleMs, forgetIdle);
  return {
    in: async (cluster, namespace, asking) => {
      let watched = clusters.get(cluster)?.get(namespace);
      if (watched === undefined) {
        makeRoom(clusters);
        watched = startWatching({ cluster, namespace }, { clock, signal });
        const namespaces = clusters.get(cluster) ?? new Map<string, Watched>();
        clusters.set(cluster, namespaces.set(namespace, watched));
      }
      using _using = watched.use();
      try {
        await waitOrAbort(watched.listed, asking);
      } catch (error) {
        // A kind that could not be listed is asked for anew by the next one.
        if (!asking.aborted) forget(clusters, watched);
        throw error;
      }
      return watched;
    },
  };
}

function all(clusters: Watches): readonly Watched[] {
  return [...clusters.values()].flatMap((namespaces) => [...namespaces.values()]);
}

function forget(clusters: Watches, watched: Watched): void {
  const { cluster, namespace } = watched.place;
  watched.stop();
  const namespaces = clusters.get(cluster);
  if (namespaces?.get(namespace) !== watched) return;
  namespaces.delete(namespace);
  if (namespaces.size === 0) clusters.delete(cluster);
}

/** Drops the one that was used least recently and is of no use to anybody now. */
function makeRoom(clusters: Watches): void {
  const watches = all(clusters);
  if (watches.length < maxWatched) return;
  const unused = watches.filter(({ isUsed }) => !isUsed());
  const [first] = unused;
  if (first === undefined) {
    throw new MooringError(
      "API_THROTTLED",
      `resource trees of ${watches.length} namespaces are followed, and no more can be; close some of them, or try again in a few minutes`,
    );
  }
  forget(
    clusters,
    unused.reduce((oldest, one) => (one.usedMs() < oldest.usedMs() ? one : oldest), first),
  );
}

interface Place {
  readonly cluster: Cluster;
  readonly namespace: string;
}

interface Watched extends OwnedObjects {
  readonly place: Place;
  /** Resolves when everything was listed once. */
  readonly listed: Promise<void>;
  /** Is used until what comes back is disposed of. */
  readonly use: () => Disposable;
  readonly isUsed: () => boolean;
  readonly usedMs: () => number;
  readonly isIdle: () => boolean;
  readonly stop: () => void;
}

function startWatching(place: Place, { clock, signal: ending }: OwnedObjectsOptions): Watched {
  const stop = new AbortController();
  const signal = AbortSignal.any([ending, stop.signal]);
  const objects = createOwnedIndex();
  const listeners = new Set<() => void>();
  const change = (apply: () => void): void => {
    apply();
    for (const listener of listeners) listener();
  };
  const listed = discoverOwned(place.cluster, signal).then(async (types) => {
    await Promise.all(types.map((type) => watchKind(place, type, { signal, objects, change })));
  });
  let usedMs = clock.now();
  let uses = 0;
  const use = (): Disposable => {
    uses += 1;
    usedMs = clock.now();
    return {
      [Symbol.dispose]: () => {
        uses -= 1;
        usedMs = clock.now();
      },
    };
  };
  const isUsed = (): boolean => uses > 0;
  return {
    place,
    listed,
    of: objects.of,
    onChange: (listener) => {
      const listening = new DisposableStack();
      listening.use(use());
      listeners.add(listener);
      listening.defer(() => void listeners.delete(listener));
      // It had to make room before anybody listened: who would wait for its news reads anew instead.
      if (stop.signal.aborted) listener();
      return listening;
    },
    use,
    isUsed,
    usedMs: () => usedMs,
    isIdle: () => !isUsed() && clock.now() - usedMs > idleMs,
    stop: () => stop.abort(),
  };
}

async function discoverOwned(cluster: Cluster, signal: AbortSignal): Promise<readonly ResourceType[]> {
  const discovery = await cluster.discover(signal);
  return ownedKinds
    .map(([group, kind]) => discovery.typeOf(group, kind))
    .filter((type) => type !== undefined);
}

interface KindWatch {
  readonly objects: OwnedIndex;
  readonly change: (apply: () => void) => void;
  readonly signal: AbortSignal;
}

/** What the controller may not list in a cluster, it cannot show. */
function isForbidden(event: WatchEvent): boolean {
  return event.type === "disconnected" && isMooringError(event.error, "KUBE_FORBIDDEN");
}

/** Resolves when the kind was listed, and goes on watching. */
function watchKind(
  { cluster, namespace }: Place,
  type: ResourceType,
  { objects, change, signal }: KindWatch,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    for await (const event of cluster.watch(type, { namespace, signal })) {
      if (event.type === "synced" || isForbidden(event)) resolve();
      else if (event.type === "disconnected") reject(event.error);
      else if (event.type === "deleted") change(() => objects.delete(event.object));
      else change(() => objects.set(withoutOwnersOfFields(event.object)));
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
