import { isMooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { isOlderVersion } from "#core/object/index.ts";
import type { Cluster, ListOptions, ResourceType } from "#ports/cluster.ts";
import type { Collection, HubKey } from "#ports/hub.ts";
import type { Log } from "#runtime/log.ts";

function hubKey(object: KubeObject): HubKey {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
}

export interface CollectionOptions {
  readonly cluster: Cluster;
  readonly type: ResourceType;
  readonly list: Omit<ListOptions, "signal">;
  /** False for objects that are as good as not there; all count unless told. */
  readonly accepts?: (object: KubeObject) => boolean;
  /** The cluster may not know the kind: there is none of it then. */
  readonly isOptional?: boolean;
  readonly log: Log;
  /** Called after the collection holds the change; `after` is undefined when the object is gone. */
  readonly onChange: (key: HubKey, before: KubeObject | undefined, after: KubeObject | undefined) => void;
  readonly signal: AbortSignal;
}

function isOlder(object: KubeObject, known: KubeObject | undefined): boolean {
  const { uid, resourceVersion } = object.metadata;
  return known?.metadata.uid === uid && isOlderVersion(resourceVersion, known?.metadata.resourceVersion);
}

/** True only when discovery says so: a right that is missing must not look like objects that are. */
async function isUnknown({ cluster, type, signal }: CollectionOptions, cause: Error): Promise<boolean> {
  if (!isMooringError(cause, "KUBE_NOT_FOUND") && !isMooringError(cause, "KUBE_FORBIDDEN")) return false;
  try {
    const discovery = await cluster.discover(signal, { refresh: true });
    const isFailed = discovery.failed.has(`${type.group}/${type.version}`);
    return !isFailed && discovery.typeOf(type.group, type.kind) === undefined;
  } catch (error) {
    if (isMooringError(error) && error.retry !== "bug") return false;
    throw error;
  }
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
  let isMissing = false;
  const disconnected = async (error: Error) => {
    if (isMissing) return;
    isMissing = options.isOptional === true && (await isUnknown(options, error));
    const { kind } = options.type;
    if (!isMissing) options.log.warn("hub watch failed", { kind, error: messageOf(error) });
    else {
      options.log.warn("the hub does not know a kind; install its definition to use it", { kind });
      markSynced();
    }
  };
  const run = async () => {
    for await (const event of options.cluster.watch(options.type, {
      ...options.list,
      signal: options.signal,
    })) {
      if (event.type === "applied" && options.accepts?.(event.object) === false) continue;
      if (event.type === "applied") put(event.object);
      else if (event.type === "deleted") take(event.object);
      else if (event.type === "disconnected") await disconnected(event.error);
      else {
        isMissing = false;
        markSynced();
      }
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
