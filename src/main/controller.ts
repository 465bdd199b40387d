import { createHmac, randomBytes } from "node:crypto";
import { homedir, hostname } from "node:os";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import type { ClusterConnection } from "#core/cluster/index.ts";
import { messageOf, MooringError } from "#core/errors/index.ts";
import { createTextRedactor } from "#core/redact/index.ts";
import { runApplicationController } from "#controllers/application/index.ts";
import { runAsLeader } from "#controllers/leader/leader.ts";
import { startGitStore } from "#git/index.ts";
import type { KubeCluster, KubeconfigConnection } from "#kube/index.ts";
import { inClusterConnection, readKubeconfig, startCluster, startLiveStore } from "#kube/index.ts";
import type { LiveStore } from "#ports/live-store.ts";
import { createOutsideTools } from "#plugins/create-outside-tools.ts";
import { startRegistry } from "#registry/index.ts";
import { startRenderer } from "#render/index.ts";
import { createDataKeysOpener } from "#secrets/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import type { Log, LogLevel } from "#runtime/log.ts";
import { createLog } from "#runtime/log.ts";
import { nativeEngineDirectory } from "./native-engines.ts";
import { registrySettings } from "./registry-settings.ts";
import { readSeedSecret } from "./seed-secret.ts";

export interface ControllerOptions {
  /** A kubeconfig file; without it KUBECONFIG, the pod's service account, then ~/.kube/config. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The control-plane namespace; `argocd` unless told. */
  readonly namespace?: string;
  /** Directory for mirrors and renders; a cache, which may be deleted while no controller uses it. */
  readonly data?: string;
  /** Must differ between replicas that run at the same time and stay the same over a restart. */
  readonly identity?: string;
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
  readonly signal: AbortSignal;
}

const leaseSeconds = 15;

/** Throws CONFIG_INVALID for a number out of range. Runs the controller until the signal aborts: wins the lease, watches the hub and the clusters, keeps applications in step with Git. */
export async function runController(options: ControllerOptions): Promise<void> {
  refuseNonPositive(options);
  const namespace =
    options.namespace ?? process.env["MOORING_NAMESPACE"] ?? process.env["ARGOCD_NAMESPACE"] ?? "argocd";
  let redactNow = createTextRedactor([]);
  const redact = (text: string) => redactNow(text);
  const onSecrets = (values: ReadonlySet<string>) => void (redactNow = createTextRedactor(values));
  const log = createLog({
    redact,
    level: options.logLevel ?? "info",
    format: options.logFormat ?? "text",
    write: options.write ?? ((line) => void process.stderr.write(line)),
    now: () => Date.now(),
  });
  const { connection } = await connectionOf(options);
  await using hub = startCluster(connection);
  const identity = options.identity ?? process.env["POD_NAME"] ?? `${hostname()}_${process.pid}`;
  const data = options.data ?? process.env["MOORING_DATA"] ?? path.join(cacheHome(), "mooring", "controller");
  log.info("starting", { server: connection.server, namespace, data });
  const lease = { namespace, name: "mooring-controller", durationSeconds: leaseSeconds };
  await runAsLeader(
    { ...lease, cluster: hub, identity, clock: systemClock, log, signal: options.signal },
    (signal) => lead({ hub, namespace, data, log, redact, onSecrets, options, signal }),
  );
}

/** Where the sidecars of plugins put their sockets; Argo CD's variable and place. */
function pluginDirectory(env: NodeJS.ProcessEnv): string {
  return env["ARGOCD_PLUGINSOCKFILEPATH"] ?? "/home/argocd/cmp-server/plugins";
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

interface Lead {
  readonly hub: KubeCluster;
  readonly namespace: string;
  readonly data: string;
  readonly log: Log;
  readonly redact: (text: string) => string;
  readonly onSecrets: (values: ReadonlySet<string>) => void;
  readonly options: ControllerOptions;
  readonly signal: AbortSignal;
}

async function lead(lead: Lead): Promise<void> {
  const { hub, namespace, data, log, redact, onSecrets, options, signal } = lead;
  const clock = options.clock ?? systemClock;
  await using git = await startGitStore({
    directory: path.join(data, "git"),
    clock,
    log,
    signal,
  });
  await using registry = await startRegistry({
    directory: path.join(data, "registry"),
    clock,
    log,
    ...(await registrySettings(process.env)),
    signal,
  });
  using outside = createOutsideTools({ socketDirectory: pluginDirectory(process.env) });
  const seedSecret = await readSeedSecret(hub, namespace, { log, signal });
  await using renderer = await startRenderer({
    outside,
    ...(seedSecret === undefined ? {} : { seedSecret }),
    cacheDirectory: path.join(data, "renders"),
    nativeEngineDirectory: nativeEngineDirectory(process.env),
    log,
    signal,
  });
  await runApplicationController({
    hub,
    namespace,
    adapters: { git, registry, renderer, openDataKeys: createDataKeysOpener(), clock },
    openCluster: (record, ownersOf) => {
      const store = {
        ownersOf,
        clock,
        namespaces: record.namespaces,
        clusterResources: record.clusterResources || record.namespaces.length === 0,
      };
      return record.connection === undefined
        ? startLiveStore(hub, store)
        : ownLiveStore(startCluster(record.connection), store);
    },
    parseYaml: (text) => parseYaml(text, { maxAliasCount: 100 }) as unknown,
    secretHash: createSecretHash(),
    redact,
    onSecrets,
    random: Math.random,
    log,
    statusProcessors: options.statusProcessors ?? 20,
    operationProcessors: options.operationProcessors ?? 10,
    writeConcurrency: options.writeConcurrency ?? 20,
    revisionWritesPerSecond: options.revisionWritesPerSecond ?? 50,
    ...(options.onReady === undefined ? {} : { onReady: options.onReady }),
    signal,
  });
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

async function connectionOf(options: ControllerOptions): Promise<{ readonly connection: ClusterConnection }> {
  const explicit = options.kubeconfig ?? process.env["KUBECONFIG"];
  if (explicit === undefined && process.env["KUBERNETES_SERVICE_HOST"] !== undefined)
    return inClusterConnection();
  const found: KubeconfigConnection = await readKubeconfig({
    ...(options.kubeconfig === undefined ? {} : { path: options.kubeconfig }),
    ...(options.context === undefined ? {} : { context: options.context }),
  });
  return found;
}

function cacheHome(): string {
  return process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
}

/** Equal values give equal hashes within this process only: a hash that got out tells nothing. */
function createSecretHash(): (value: string) => string {
  const key = randomBytes(32);
  return (value) => createHmac("sha256", key).update(value).digest("hex").slice(0, 8);
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
