import { homedir, hostname } from "node:os";
import path from "node:path";
import { messageOf, MooringError } from "#core/errors/index.ts";
import type { ApplicationControllerOptions } from "#controllers/application/index.ts";
import { runApplicationController } from "#controllers/application/index.ts";
import { runAsLeader } from "#engine/leader/leader.ts";
import { startGitStore } from "#git/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { startCluster, startLiveStore } from "#kube/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import type { LiveView } from "#ports/live-view.ts";
import { mooringVersion } from "#cli/commands/version.ts";
import { createOutsideTools } from "#plugins/create-outside-tools.ts";
import { startRegistry } from "#registry/index.ts";
import { startRenderer, startScripts } from "#render/index.ts";
import { openSqliteTimeline } from "#store/index.ts";
import { createDataKeysOpener } from "#secrets/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import type { Log, LogLevel } from "#runtime/log.ts";
import { createPlanHash } from "#engine/plan-hash.ts";
import { controllerLease } from "./follow-leader.ts";
import { startHealthPort } from "./health-port.ts";
import { hubConnection } from "./hub-connection.ts";
import { readHubKeys } from "./hub-keys.ts";
import type { InternalApi } from "./internal-api.ts";
import { startInternalApi } from "./internal-api.ts";
import { nativeEngineDirectory } from "./native-engines.ts";
import { promoteBeside } from "./promote-beside.ts";
import type { RedactedLog } from "./redacted-log.ts";
import { createRedactedLog } from "./redacted-log.ts";
import { registrySettings } from "./registry-settings.ts";
import { imagesBeside } from "./run-images.ts";
import { waveDelayMs } from "./wave-delay.ts";
import { createSecretHash } from "./secret-hash.ts";

export interface ControllerOptions {
  /** A kubeconfig file; without it KUBECONFIG, the pod's service account, then ~/.kube/config. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The control-plane namespace; `argocd` unless told. */
  readonly namespace?: string;
  /** Globs of other namespaces whose Applications are looked at; ARGOCD_APPLICATION_NAMESPACES, between commas, unless told. */
  readonly applicationNamespaces?: readonly string[];
  /** Directory for mirrors and renders; a cache, which may be deleted while no controller uses it. */
  readonly data?: string;
  /** Must differ between replicas that run at the same time and stay the same over a restart. */
  readonly identity?: string;
  /** `host:port` where servers in other processes ask this one while it leads; nobody can unless told. */
  readonly internalAddress?: string;
  /** `host:port` where `/healthz` says that the process is alive; nowhere unless told. */
  readonly healthAddress?: string;
  /** Applications looked at in parallel, 20 unless told. */
  readonly statusProcessors?: number;
  /** Operations in parallel, 10 unless told. */
  readonly operationProcessors?: number;
  /** Writes in parallel within one operation, 20 unless told. */
  readonly writeConcurrency?: number;
  /** Writes a second that only say which commit an unchanged application was compared with, 50 unless told. */
  readonly revisionWritesPerSecond?: number;
  readonly logLevel?: LogLevel;
  readonly logFormat?: "text" | "json";
  readonly write?: (line: string) => void;
  /** The system's unless told; a simulation brings its own. The lease is held in the system's time: other replicas know no other. */
  readonly clock?: Clock;
  readonly onReady?: () => void;
  /** Given what clients may ask of the applications here while this one leads, and undefined when it does not any more. */
  readonly onView?: (view: LiveView | undefined) => void;
  readonly signal: AbortSignal;
}

const leaseSeconds = 15;

/** Throws CONFIG_INVALID for a number out of range. Runs the controller until the signal aborts: wins the lease, watches the hub and the clusters, keeps applications in step with Git. */
export async function runController(options: ControllerOptions): Promise<void> {
  refuseNonPositive(options);
  const namespace =
    options.namespace ?? process.env["MOORING_NAMESPACE"] ?? process.env["ARGOCD_NAMESPACE"] ?? "argocd";
  const redacted = createRedactedLog(options);
  const { log } = redacted;
  await using _health =
    options.healthAddress === undefined ? undefined : await startHealthPort(options.healthAddress, log);
  const connection = await hubConnection(options);
  await using hub = startCluster(connection);
  const identity = options.identity ?? process.env["POD_NAME"] ?? `${hostname()}_${process.pid}`;
  const data = options.data ?? process.env["MOORING_DATA"] ?? path.join(cacheHome(), "mooring", "controller");
  log.info("starting", { server: connection.server, namespace, data });
  await using internal = await openInternalApi(options, { cluster: hub, namespace, log });
  const lease = { namespace, name: controllerLease, durationSeconds: leaseSeconds };
  await runAsLeader(
    {
      ...lease,
      ...(internal === undefined ? {} : { address: internal.address }),
      givesBack: true,
      cluster: hub,
      identity,
      clock: systemClock,
      elapsedMs: () => performance.now(),
      log,
      signal: options.signal,
    },
    (signal) =>
      lead({ ...redacted, hub, namespace, data, options: toldBoth(options, internal, signal), signal }),
  );
}

async function openInternalApi(
  { internalAddress: address, signal }: ControllerOptions,
  context: { readonly cluster: KubeCluster; readonly namespace: string; readonly log: Log },
): Promise<InternalApi | undefined> {
  if (address === undefined) return undefined;
  return startInternalApi({ ...context, address, clock: systemClock, signal });
}

/** The same options, by which servers in other processes get the view, too: until this one leads no more, and not until all has ended. */
function toldBoth(
  options: ControllerOptions,
  internal: InternalApi | undefined,
  leading: AbortSignal,
): ControllerOptions {
  if (internal === undefined) return options;
  const onView = (view: LiveView | undefined): void => {
    internal.use(leading.aborted ? undefined : view);
    options.onView?.(view);
  };
  leading.addEventListener("abort", () => internal.use(undefined), { once: true });
  return { ...options, onView };
}

/** Where the sidecars of plugins put their sockets; Argo CD's variable and place. */
function pluginDirectory(env: NodeJS.ProcessEnv): string {
  return env["ARGOCD_PLUGINSOCKFILEPATH"] ?? "/home/argocd/cmp-server/plugins";
}

function listOf(text = ""): readonly string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

function refuseNonPositive(options: ControllerOptions): void {
  const { statusProcessors, operationProcessors, writeConcurrency, revisionWritesPerSecond } = options;
  const numbers = { statusProcessors, operationProcessors, writeConcurrency, revisionWritesPerSecond };
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (Number.isSafeInteger(value) && value > 0)) continue;
    throw new MooringError(
      "CONFIG_INVALID",
      `controller: ${name} is ${value}; it must be a positive whole number`,
    );
  }
}

interface Lead extends RedactedLog {
  readonly hub: KubeCluster;
  readonly namespace: string;
  readonly data: string;
  readonly options: ControllerOptions;
  readonly signal: AbortSignal;
}

/** Of what happened to applications; a delivery takes some 300 bytes. */
const timelineLimits = {
  maxDrifts: 200,
  maxDeliveries: 500,
  maxAllDeliveries: 500_000,
  maxAgeMs: 90 * 24 * 3_600_000,
};

async function lead(lead: Lead): Promise<void> {
  const { hub, namespace, data, log, redact, onSecrets, options, signal } = lead;
  const clock = options.clock ?? systemClock;
  using _view = { [Symbol.dispose]: () => options.onView?.(undefined) };
  await using git = await startGitStore({ directory: path.join(data, "git"), clock, log, signal });
  await using registry = await startRegistry({
    directory: path.join(data, "registry"),
    clock,
    log,
    ...(await registrySettings(process.env)),
    signal,
  });
  using outside = createOutsideTools({ socketDirectory: pluginDirectory(process.env) });
  const keys = await readHubKeys(hub, namespace, { log, signal });
  await using renderer = await startRenderer({
    outside,
    ...keys.render,
    cacheDirectory: path.join(data, "renders"),
    nativeEngineDirectory: nativeEngineDirectory(process.env),
    log,
    signal,
  });
  await using scripts = startScripts({ clock });
  await using timeline = openTimeline(data, { clock, log });
  const planHash = createPlanHash(keys.hubKey);
  await runApplicationController({
    hub,
    namespace,
    scripts,
    applicationNamespaces:
      options.applicationNamespaces ?? listOf(process.env["ARGOCD_APPLICATION_NAMESPACES"]),
    writer: git,
    version: mooringVersion,
    adapters: { git, registry, renderer, openDataKeys: createDataKeysOpener(), clock },
    openCluster: openClusterBy(hub, clock),
    parseYaml: parseConfigYaml,
    secretHash: createSecretHash(),
    planHash,
    timeline,
    history: git,
    redact,
    onSecrets,
    random: Math.random,
    log,
    statusProcessors: options.statusProcessors ?? 20,
    operationProcessors: options.operationProcessors ?? 10,
    writeConcurrency: options.writeConcurrency ?? 20,
    waveDelayMs: waveDelayMs(process.env),
    revisionWritesPerSecond: options.revisionWritesPerSecond ?? 50,
    ...(options.onReady === undefined ? {} : { onReady: options.onReady }),
    ...(options.onView === undefined ? {} : { onView: options.onView }),
    beside: [
      imagesBeside({ git, registry, redact, clock, log, signal }),
      promoteBeside({ git, planHash, clock, log, redact }),
    ],
    signal,
  });
}

function openTimeline(
  data: string,
  context: { readonly clock: Clock; readonly log: Log },
): ReturnType<typeof openSqliteTimeline> {
  return openSqliteTimeline({
    file: path.join(data, "timeline.db"),
    limits: timelineLimits,
    ...context,
  });
}

/** Live stores of clusters; the hub's own goes by the hub's connection. */
function openClusterBy(hub: KubeCluster, clock: Clock): ApplicationControllerOptions["openCluster"] {
  return (record, ownersOf) => {
    const store = {
      ownersOf,
      clock,
      namespaces: record.namespaces,
      clusterResources: record.clusterResources || record.namespaces.length === 0,
    };
    return record.connection === undefined
      ? startLiveStore(hub, store)
      : ownLiveStore(startCluster(record.connection), store);
  };
}

/** A live store that closes its cluster's connections with itself. */
function ownLiveStore(cluster: KubeCluster, options: Parameters<typeof startLiveStore>[1]): LiveStore {
  const live = startLiveStore(cluster, options);
  const dispose = live[Symbol.asyncDispose].bind(live);
  return Object.assign(live, {
    [Symbol.asyncDispose]: async () => {
      await dispose();
      await cluster[Symbol.asyncDispose]();
    },
  });
}

function cacheHome(): string {
  return process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
}

/** Runs the controller until SIGINT or SIGTERM; the exit code. */
export async function runControllerProcess(options: Omit<ControllerOptions, "signal">): Promise<number> {
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals) => stop.abort(new DOMException(`received ${name}`, "AbortError"));
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    await runController({ ...options, signal: stop.signal });
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    process.stderr.write(`mooring: controller: ${messageOf(error)}\n`);
    return 20;
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
