import type { ClusterConnection, ClusterRecord } from "#core/cluster/index.ts";
import type { HubConfig } from "#core/hub/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { canonicalJson } from "#core/object/index.ts";
import { requireReferences } from "#engine/require-references.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Hub } from "#ports/hub.ts";
import type { Targets } from "#ports/targets.ts";
import type { Clock } from "#runtime/clock.ts";

export interface TargetsOptions {
  /** Its own cluster is the one of records without a connection. */
  readonly hub: Hub;
  readonly config: () => HubConfig;
  /** Nothing needs to have been sent when it returns. */
  readonly openCluster: (connection: ClusterConnection) => Cluster;
  readonly clock: Clock;
}

interface Opened {
  readonly cluster: Cluster;
  /** Calls, watches and logs that have not ended. */
  running: number;
  usedMs: number;
}

/** A cluster that nobody asked anything of for so long is closed. */
const idleMs = 300_000;

/**
 * Clusters as the server itself reaches them, so that a log or an object is read without a detour and while no controller leads. Each is
 * opened when it is first asked for, and closed when nothing of it was used for minutes; so no more are open than are registered.
 */
export function startTargets({ hub, config, openCluster, clock }: TargetsOptions): Targets & AsyncDisposable {
  const opened = new Map<string, Opened>();
  let timer: Disposable | undefined;
  const closeIdle = (): void => {
    for (const [name, one] of opened) {
      if (one.running > 0 || clock.now() - one.usedMs <= idleMs) continue;
      opened.delete(name);
      void one.cluster[Symbol.asyncDispose]();
    }
    timer = opened.size === 0 ? undefined : clock.after(idleMs, closeIdle);
  };
  const clusterOf = ({ connection }: ClusterRecord): Cluster => {
    if (connection === undefined) return hub.cluster;
    const name = canonicalJson(JSON.parse(JSON.stringify(connection)) as JsonValue);
    const known = opened.get(name);
    if (known !== undefined) {
      known.usedMs = clock.now();
      return known.cluster;
    }
    const one: Opened = {
      cluster: whileUsed(openCluster(connection), {
        begin: () => void (one.running += 1),
        end: () => {
          one.running -= 1;
          one.usedMs = clock.now();
        },
      }),
      running: 0,
      usedMs: clock.now(),
    };
    opened.set(name, one);
    timer ??= clock.after(idleMs, closeIdle);
    return one.cluster;
  };
  return {
    clusterOf,
    targetOf: (key) => {
      const references = requireReferences(key, { hub, config: config() });
      return { references, cluster: clusterOf(references.target) };
    },
    [Symbol.asyncDispose]: async () => {
      timer?.[Symbol.dispose]();
      const clusters = [...opened.values()];
      opened.clear();
      await Promise.all(clusters.map(({ cluster }) => cluster[Symbol.asyncDispose]()));
    },
  };
}

interface Use {
  readonly begin: () => void;
  readonly end: () => void;
}

/** The same cluster; `use` is told of everything that begins and ends on it. */
function whileUsed(cluster: Cluster, use: Use): Cluster {
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    use.begin();
    try {
      return await call();
    } finally {
      use.end();
    }
  };
  const following = async function* <T>(events: AsyncIterable<T>): AsyncIterable<T> {
    use.begin();
    try {
      yield* events;
    } finally {
      use.end();
    }
  };
  return {
    server: cluster.server,
    readVersion: (signal) => counted(() => cluster.readVersion(signal)),
    discover: (signal, options) => counted(() => cluster.discover(signal, options)),
    schemaOf: (gvk, signal) => counted(() => cluster.schemaOf(gvk, signal)),
    read: (ref, signal) => counted(() => cluster.read(ref, signal)),
    list: (type, options) => counted(() => cluster.list(type, options)),
    listPages: (type, options) => following(cluster.listPages(type, options)),
    watch: (type, options) => following(cluster.watch(type, options)),
    readLogs: (pod, options) => following(cluster.readLogs(pod, options)),
    apply: (type, object, options) => counted(() => cluster.apply(type, object, options)),
    create: (type, object, options) => counted(() => cluster.create(type, object, options)),
    replace: (type, object, options) => counted(() => cluster.replace(type, object, options)),
    mergePatch: (ref, patch, options) => counted(() => cluster.mergePatch(ref, patch, options)),
    jsonPatch: (ref, patch, options) => counted(() => cluster.jsonPatch(ref, patch, options)),
    remove: (ref, options) => counted(() => cluster.remove(ref, options)),
    as: (user) => whileUsed(cluster.as(user), use),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
