import type { KubeObject } from "#core/object/index.ts";
import type { Cluster, ObjectRef, ResourceType } from "#ports/cluster.ts";

/** One write of an object that a cluster took. */
export interface Write {
  readonly verb: "created" | "changed" | "deleted";
  readonly cluster: string;
  readonly ref: ObjectRef;
  /** Undefined where it did not exist or was not known. */
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export interface WriteObserver {
  /** An object as it was read. */
  readonly onRead: (cluster: string, object: KubeObject | undefined, ref: ObjectRef) => void;
  /** The object as it was before, as far as it is known. */
  readonly lastRead: (cluster: string, ref: ObjectRef) => KubeObject | undefined;
  readonly onWrite: (write: Write) => void;
}

/** A cluster whose writes are told of when they were taken. Dry runs write nothing. */
export function observeCluster(cluster: Cluster, observer: WriteObserver): Cluster {
  const { server } = cluster;
  const wrote = async (
    { ref, dryRun }: { readonly ref: ObjectRef; readonly dryRun: boolean | undefined },
    write: () => Promise<KubeObject>,
    isNew = false,
  ): Promise<KubeObject> => {
    const before = isNew ? undefined : observer.lastRead(server, ref);
    const after = await write();
    if (dryRun === true) return after;
    const named = { ...ref, name: after.metadata.name ?? ref.name };
    observer.onWrite({ verb: isNew ? "created" : "changed", cluster: server, ref: named, before, after });
    observer.onRead(server, after, named);
    return after;
  };
  return {
    ...readsOf(cluster),
    read: async (ref, signal) => {
      const object = await cluster.read(ref, signal);
      observer.onRead(server, object, ref);
      return object;
    },
    apply: (type, object, options) =>
      wrote({ ref: refOf(type, object), dryRun: options.dryRun }, () => cluster.apply(type, object, options)),
    create: (type, object, options) =>
      wrote(
        { ref: refOf(type, object), dryRun: options.dryRun },
        () => cluster.create(type, object, options),
        true,
      ),
    replace: (type, object, options) =>
      wrote({ ref: refOf(type, object), dryRun: options.dryRun }, () =>
        cluster.replace(type, object, options),
      ),
    mergePatch: (ref, patch, options) =>
      wrote({ ref, dryRun: options.dryRun }, () => cluster.mergePatch(ref, patch, options)),
    jsonPatch: (ref, patch, options) =>
      wrote({ ref, dryRun: options.dryRun }, () => cluster.jsonPatch(ref, patch, options)),
    remove: async (ref, options) => {
      const before = observer.lastRead(server, ref);
      const result = await cluster.remove(ref, options);
      if (options.dryRun === true || result === "gone") return result;
      observer.onWrite({ verb: "deleted", cluster: server, ref, before, after: undefined });
      return result;
    },
    as: (user) => observeCluster(cluster.as(user), observer),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

type Reads = "server" | "readVersion" | "discover" | "schemaOf" | "list" | "listPages" | "watch" | "readLogs";

/** What is as it is of the cluster itself. */
function readsOf(cluster: Cluster): Pick<Cluster, Reads> {
  return {
    server: cluster.server,
    readVersion: (signal) => cluster.readVersion(signal),
    discover: (signal, options) => cluster.discover(signal, options),
    schemaOf: (gvk, signal) => cluster.schemaOf(gvk, signal),
    list: (type, options) => cluster.list(type, options),
    listPages: (type, options) => cluster.listPages(type, options),
    watch: (type, options) => cluster.watch(type, options),
    readLogs: (pod, options) => cluster.readLogs(pod, options),
  };
}

function refOf(type: ResourceType, { metadata }: KubeObject): ObjectRef {
  return { type, namespace: metadata.namespace ?? "", name: metadata.name ?? "" };
}
