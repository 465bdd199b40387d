import type { ResourceType, Discovery } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import type { KubeClient } from "../http/client.ts";
import { follow, type Follower } from "../watch/follow.ts";
import { startOpenApi, type OpenApi } from "./open-api.ts";
import { readRoot, type RootDocument, viewDiscovery } from "./read-discovery.ts";

export interface DiscoveryCache extends AsyncDisposable {
  readonly openApi: OpenApi;
  discover(signal: AbortSignal, options?: { readonly refresh?: boolean }): Promise<Discovery>;
}

export interface DiscoveryCacheOptions {
  readonly follower: Follower;
  /** Watch for new kinds; otherwise only `refresh` reads again. */
  readonly keepFresh: boolean;
}

const debounceMs = 200;
/** Discovery lags behind the object that announces it; asked again, an unchanged server answers 304. */
const followUpMs = 1_500;

const announcers: readonly ResourceType[] = [
  {
    group: "apiextensions.k8s.io",
    version: "v1",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
  },
  { group: "apiregistration.k8s.io", version: "v1", kind: "APIService", plural: "apiservices" },
].map((type) => ({ ...type, namespaced: false, verbs: [], shortNames: [] }));

/** What a cluster serves, read once and again when it may have changed. */
export function startDiscoveryCache(options: DiscoveryCacheOptions): DiscoveryCache {
  const { client, clock } = options.follower;
  const openApi = startOpenApi(client);
  const stop = new AbortController();
  const watching: Promise<void>[] = [];
  const reader = startReader(client);
  const refreshQuietly = (): void => {
    // Nobody waits for it: the cached discovery stands, and the next change or `refresh` tries again.
    reader.read(stop.signal).catch(() => undefined);
  };
  const changed = debounced(clock, () => {
    openApi.expire();
    refreshQuietly();
  });
  const keepWatching = async (type: ResourceType): Promise<void> => {
    const list = { metadataOnly: true, signal: stop.signal };
    for await (const event of follow(options.follower, type, list)) {
      if (event.type === "changes" || event.type === "listed") changed();
    }
  };
  return {
    openApi,
    discover: async (signal, { refresh = false } = {}) => {
      if (refresh) openApi.expire();
      const known = refresh ? undefined : reader.current;
      const discovery = known ?? (await reader.read(signal));
      if (options.keepFresh && watching.length === 0 && !stop.signal.aborted) {
        watching.push(...announcers.map(keepWatching));
      }
      return discovery;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(watching);
    },
  };
}

interface Reader {
  readonly current: Discovery | undefined;
  /** Reads now: a read that began earlier may have missed what the caller knows of. */
  read(signal: AbortSignal): Promise<Discovery>;
}

function startReader(client: KubeClient): Reader {
  let roots: readonly [RootDocument, RootDocument] | undefined;
  let current: Discovery | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const readNow = async (signal: AbortSignal): Promise<Discovery> => {
    const [core, groups] = await Promise.all([
      readRoot(client, "/api", { earlier: roots?.[0], signal }),
      readRoot(client, "/apis", { earlier: roots?.[1], signal }),
    ]);
    if (current === undefined || core !== roots?.[0] || groups !== roots[1]) {
      current = viewDiscovery([core.discovered, groups.discovered]);
    }
    roots = [core, groups];
    return current;
  };
  return {
    get current() {
      return current;
    },
    read: (signal) => {
      const next = last.then(() => readNow(signal));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

/** Calls once a burst of calls has ended, and once more for what becomes visible late. */
function debounced(clock: Clock, call: () => void): () => void {
  let waiting: readonly Disposable[] = [];
  return () => {
    for (const timer of waiting) timer[Symbol.dispose]();
    waiting = [clock.after(debounceMs, call), clock.after(debounceMs + followUpMs, call)];
  };
}
