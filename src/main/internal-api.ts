import { isMooringError, messageOf } from "#core/errors/index.ts";
import { internalPort } from "#core/install/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import type { ViewServer } from "#peers/index.ts";
import { startViewServer } from "#peers/index.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import { createClientArchives } from "./client-archives.ts";
import type { InternalCredentials } from "./internal-credentials.ts";
import { startInternalCredentials } from "./internal-credentials.ts";
import type { ListenAddress } from "./listen-address.ts";
import { ownAddress, parseListenAddress } from "./listen-address.ts";

export interface InternalApiOptions {
  readonly cluster: KubeCluster;
  readonly namespace: string;
  /** `host:port` where it listens and is asked; port 0 for any free one. */
  readonly address: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the controller stops. */
  readonly signal: AbortSignal;
}

/** Stops when it is disposed of. */
export interface InternalApi extends AsyncDisposable {
  /** Where servers reach it; undefined while it does not listen. */
  readonly address: () => string | undefined;
  /** The view that answers from now on; undefined for none. */
  readonly use: (view: LiveView | undefined) => void;
}

const retryMs = 30_000;

/**
 * Answers servers until it is disposed of. That it cannot begin, such as where an earlier installation may not write Secrets, keeps no controller
 * from its work: it is told in the log and tried again. Throws CONFIG_INVALID for an address that is none.
 */
export async function startInternalApi(options: InternalApiOptions): Promise<InternalApi> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  let view: LiveView | undefined;
  let server: ViewServer | undefined;
  const failed = Promise.withResolvers<void>();
  const purpose = "as servers reach this controller";
  const place = parseListenAddress(options.address, "--internal-address", purpose);
  const opening = open({ ...options, signal }, { place, onFailure: failed.resolve }).then((opened) => {
    server = opened;
    server?.use(view);
    return opened;
  });
  await Promise.race([opening, failed.promise]);
  return {
    address: () => server?.address,
    use: (next) => {
      view = next;
      server?.use(next);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await (await opening)?.[Symbol.asyncDispose]();
    },
  };
}

interface Opening {
  readonly place: ListenAddress;
  readonly onFailure: () => void;
}

/** Undefined when the signal aborts first. */
async function open(
  options: InternalApiOptions,
  { place, onFailure }: Opening,
): Promise<ViewServer | undefined> {
  const { clock, log, signal } = options;
  const archives = createClientArchives(clock);
  let credentials: InternalCredentials | undefined;
  while (!signal.aborted) {
    try {
      credentials ??= await startInternalCredentials({ ...options, role: "controller" });
      const { current, doubt, onRenewal } = credentials;
      const server = await startViewServer({
        ...place,
        credentials: current(),
        onDistrust: doubt,
        unpackFiles: archives.unpack,
        log,
      });
      onRenewal(server.useCredentials);
      log.info("internal API listens", { address: server.address });
      return server;
    } catch (error) {
      if (signal.aborted) return undefined;
      log.warn("the internal API cannot begin, so no server knows of live state", {
        address: options.address,
        error: messageOf(error),
        ...(isMooringError(error, "KUBE_FORBIDDEN") ? { fix: "install the manifests of this version" } : {}),
      });
      onFailure();
      await waitFor(clock, retryMs, signal);
    }
  }
  return undefined;
}

async function waitFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** Where a controller is asked unless it is told: in a pod by its address, elsewhere on this machine alone. */
export function defaultInternalAddress(env: Readonly<Record<string, string | undefined>>): string {
  return ownAddress(env, internalPort) ?? "127.0.0.1:0";
}
