import { messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ListOptions, ResourceType } from "#ports/cluster.ts";
import type { Log } from "#runtime/log.ts";

/** `namespace/name`. */
export type HubKey = string;

function hubKey(object: KubeObject): HubKey {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
}

export interface CollectionOptions {
  readonly cluster: Cluster;
  readonly type: ResourceType;
  readonly list: Omit<ListOptions, "signal">;
  readonly log: Log;
  /** Called after the collection holds the change; `after` is undefined when the object is gone. */
  readonly onChange: (key: HubKey, before: KubeObject | undefined, after: KubeObject | undefined) => void;
  readonly signal: AbortSignal;
}

/** The objects of one kind on the hub, kept current by a watch. */
export interface Collection {
  get(key: HubKey): KubeObject | undefined;
  values(): Iterable<KubeObject>;
  /** Puts the answer of our own write in, so that the next read is not older than it. */
  observe(object: KubeObject): void;
  /** Resolves after the first complete list. */
  readonly synced: Promise<void>;
  /** Resolves when the signal aborts. */
  readonly ended: Promise<void>;
}

function isOlder(object: KubeObject, known: KubeObject | undefined): boolean {
  const [a, b] = [object.metadata.resourceVersion, known?.metadata.resourceVersion];
  if (a === undefined || b === undefined || known?.metadata.uid !== object.metadata.uid) return false;
  return /^\d+$/.test(a) && /^\d+$/.test(b) && BigInt(a) < BigInt(b);
}

export function startCollection(options: CollectionOptions): Collection {
  const objects = new Map<HubKey, KubeObject>();
  const { promise: synced, resolve: markSynced } = Promise.withResolvers<void>();
  const put = (object: KubeObject) => {
    const key = hubKey(object);
    const before = objects.get(key);
    if (isOlder(object, before)) return;
    objects.set(key, object);
    options.onChange(key, before, object);
  };
  const take = (object: KubeObject) => {
    const key = hubKey(object);
    const before = objects.get(key);
    if (before === undefined || before.metadata.uid !== object.metadata.uid) return;
    objects.delete(key);
    options.onChange(key, before, undefined);
  };
  const run = async () => {
    for await (const event of options.cluster.watch(options.type, {
      ...options.list,
      signal: options.signal,
    })) {
      if (event.type === "applied") put(event.object);
      else if (event.type === "deleted") take(event.object);
      else if (event.type === "synced") markSynced();
      else options.log.warn("hub watch failed", { kind: options.type.kind, error: messageOf(event.error) });
    }
  };
  const ended = run().catch((error: unknown) => {
    if (!options.signal.aborted) throw error;
  });
  return {
    get: (key) => objects.get(key),
    values: () => objects.values(),
    observe: put,
    synced,
    ended,
  };
}
