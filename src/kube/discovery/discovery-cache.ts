import { isMooringError } from "#core/errors/index.ts";
import type { Discovery, ResourceType } from "#ports/cluster.ts";
import type { Clock } from "#runtime/clock.ts";
import { waitOrAbort } from "#runtime/abort.ts";
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
  const stop = new AbortController();
  const openApi = startOpenApi(client, stop.signal);
  const reader = startReader(client, stop.signal);
  const watching: Promise<void>[] = [];
  const changed = debounced(clock, () => {
    openApi.expire();
    // Nobody waits for it: the cached discovery stands, and the next change or `refresh` tries again.
    if (!stop.signal.aborted) reader.read().catch(() => undefined);
  });
  return {
    openApi,
    discover: async (signal, { refresh = false } = {}) => {
      if (refresh) openApi.expire();
      const known = refresh ? undefined : reader.current;
      const discovery = known ?? (await waitOrAbort(refresh ? reader.read() : reader.first(), signal));
      if (options.keepFresh && watching.length === 0 && !stop.signal.aborted) {
        const run = { follower: options.follower, signal: stop.signal, changed };
        watching.push(...announcers.map((type) => keepWatching(type, run)));
      }
      return discovery;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(watching);
    },
  };
}

interface Run {
  readonly follower: Follower;
  readonly signal: AbortSignal;
  readonly changed: () => void;
}

async function keepWatching(type: ResourceType, run: Run): Promise<void> {
  const options = { metadataOnly: true, signal: run.signal };
  for await (const event of follow(run.follower, type, options)) {
    if (event.type === "changes" || event.type === "listed") run.changed();
    // Who may not see the announcements asks with `refresh`; trying again for ever would be traffic without end.
    const refused =
      event.type === "disconnected" &&
      (isMooringError(event.error, "KUBE_FORBIDDEN") || isMooringError(event.error, "KUBE_NOT_FOUND"));
    if (refused) return;
  }
}

interface Reader {
  readonly current: Discovery | undefined;
  /** Joins a read that is under way. */
  first(): Promise<Discovery>;
  /** Reads after this moment: a read that began earlier may have missed what the caller knows of. */
  read(): Promise<Discovery>;
}

function startReader(client: KubeClient, signal: AbortSignal): Reader {
  let roots: readonly [RootDocument, RootDocument] | undefined;
  let current: Discovery | undefined;
  let running: Promise<Discovery> | undefined;
  let queued: Promise<Discovery> | undefined;
  const readNow = async (): Promise<Discovery> => {
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
  const start = (): Promise<Discovery> => {
    queued = undefined;
    const reading = readNow().finally(() => {
      if (running === reading) running = undefined;
    });
    running = reading;
    return reading;
  };
  return {
    get current() {
      return current;
    },
    first: () => running ?? start(),
    read: () => {
      if (running === undefined) return start();
      queued ??= running.then(start, start);
      return queued;
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
