import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { UpSettings } from "#cli/ports.ts";
import { isAbortError, messageOf, MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { startEmbeddedCluster } from "#embedded/index.ts";
import { installObject } from "#engine/install-object.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { systemClock } from "#runtime/clock.ts";
import { runController } from "./controller.ts";
import type { NamedCluster } from "./embedded-kubeconfig.ts";
import { base64, writeEmbeddedKubeconfig } from "./embedded-kubeconfig.ts";
import { installHub } from "./install-hub.ts";
import { present } from "./present.ts";
import { refusePort } from "./server.ts";
import { serve } from "./serve.ts";
import { createSwitchedView } from "./switched-view.ts";

export interface UpContext {
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write?: (text: string) => void;
  readonly onReady?: () => void;
}

const hubName = "embedded";
const fieldManager = "mooring";

/**
 * Runs the controller until the signal aborts, on the cluster that a flag names or on embedded ones; the exit code. What `KUBECONFIG` or the
 * home directory merely have is not taken: it may lead to production.
 */
export async function runUp(settings: UpSettings, context: UpContext): Promise<number> {
  try {
    await up(settings, context);
    return 0;
  } catch (error) {
    if (context.signal.aborted && isAbortError(error)) return 0;
    process.stderr.write(`mooring: up: ${messageOf(error)}\n`);
    return 20;
  }
}

async function up(settings: UpSettings, context: UpContext): Promise<void> {
  const startedAt = performance.now();
  const { clusters = 0 } = settings;
  refusePort("up: --cluster-port", settings.clusterPort);
  refusePort("up: --port", settings.port);
  if (!Number.isSafeInteger(clusters) || clusters < 0) {
    throw new MooringError("CONFIG_INVALID", `--clusters is ${clusters}; it must be 0 or more`);
  }
  refuseForeign(settings);
  await using running = new AsyncDisposableStack();
  const data = settings.data === undefined ? await temporary(running) : path.resolve(settings.data);
  const isGiven = settings.kubeconfig !== undefined || settings.context !== undefined;
  const kubeconfig = isGiven
    ? settings.kubeconfig
    : await startClusters(running, { settings, data, clusters, context });
  const say = context.write ?? ((text: string) => void process.stderr.write(text));
  if (!isGiven) say(passedOver(context.env["KUBECONFIG"], kubeconfig));
  const from = present({ path: kubeconfig, context: settings.context });
  await installHub(from, { namespace: settings.namespace ?? "argocd", signal: context.signal });
  if (!isGiven) say(`An embedded cluster is running. Use it with:\n\n  export KUBECONFIG=${kubeconfig}\n\n`);
  const stopped = new AbortController();
  const signal = AbortSignal.any([context.signal, stopped.signal]);
  const switched = createSwitchedView();
  const isReady = Promise.withResolvers<void>();
  const { context: kubeContext, namespace, applicationNamespaces, logLevel, logFormat } = settings;
  const controller = runController({
    ...present({ kubeconfig, context: kubeContext, namespace, applicationNamespaces, logLevel, logFormat }),
    data: path.join(data, "controller"),
    // Nobody else can lead on an embedded hub: after a crash the lease is taken again at once.
    ...(isGiven ? {} : { identity: hubName }),
    onReady: () => isReady.resolve(),
    onView: switched.use,
    signal,
  });
  const { connection } = await readKubeconfig(from);
  const server = serve(settings, {
    connection,
    data,
    openView: () => Promise.resolve(switched.view),
    takesOther: true,
    env: context.env,
    say,
    signal,
  });
  const tell = Promise.all([isReady.promise, server.ready]).then(() => {
    say(`Mooring is ready after ${((performance.now() - startedAt) / 1000).toFixed(1)} s.\n`);
    context.onReady?.();
  });
  try {
    // Whichever ends first ends the other: half of it is of no use to anybody.
    await Promise.race([controller, server.ended, tell.then(() => new Promise<never>(() => undefined))]);
  } finally {
    stopped.abort();
    await Promise.allSettled([controller, server.ended]);
  }
}

/** What is said of a KUBECONFIG that is set and not used: nothing when it is the embedded cluster's own file, which an earlier start has named. */
function passedOver(listed = "", own = ""): string {
  const files = listed.split(path.delimiter).filter((file) => file !== "");
  if (files.every((file) => path.resolve(file) === path.resolve(own))) return "";
  const flag = files.length === 1 ? '--kubeconfig "$KUBECONFIG"' : "--context NAME";
  return `KUBECONFIG is set and not used: what it leads to may be in production. To run on its cluster: mooring up ${flag}\n`;
}

/** Throws CONFIG_INVALID for what is asked of embedded clusters where none will be started. */
function refuseForeign({ kubeconfig, context, clusters, clusterPort, writeKubeconfig }: UpSettings): void {
  if (kubeconfig === undefined && context === undefined) return;
  const asked = {
    "--clusters": clusters,
    "--cluster-port": clusterPort,
    "--write-kubeconfig": writeKubeconfig,
  };
  const [flag] = Object.entries(asked).find(([, value]) => value !== undefined) ?? [];
  if (flag === undefined) return;
  throw new MooringError(
    "CONFIG_INVALID",
    `up: ${flag} is about embedded clusters, and none is started on a cluster that is named; leave it out, or leave out --kubeconfig and --context`,
  );
}

async function temporary(running: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-up-"));
  running.defer(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

interface ClustersToStart {
  readonly settings: UpSettings;
  readonly data: string;
  readonly clusters: number;
  readonly context: UpContext;
}

/** Starts the hub and its neighbours; the path of the kubeconfig that leads to them. */
async function startClusters(
  running: AsyncDisposableStack,
  { settings, data, clusters, context }: ClustersToStart,
): Promise<string> {
  const names = [hubName, ...Array.from({ length: clusters }, (_, i) => `${hubName}-${i + 1}`)];
  const started: NamedCluster[] = [];
  for (const name of names) {
    const isHub = name === hubName;
    const cluster = await startEmbeddedCluster({
      ...(settings.data === undefined ? {} : { directory: path.join(data, "clusters", name) }),
      ...(isHub && settings.clusterPort !== undefined ? { port: settings.clusterPort } : {}),
      onFailure: (error) => process.stderr.write(`mooring: ${name}: ${messageOf(error)}\n`),
      signal: context.signal,
    });
    started.push({ name, cluster: running.use(cluster) });
  }
  await mkdir(data, { recursive: true, mode: 0o700 });
  const file = settings.writeKubeconfig ?? path.join(data, "kubeconfig");
  await writeEmbeddedKubeconfig(file, started);
  await register(started, settings, context.signal);
  return file;
}

/** Makes the hub's neighbours known to it as targets. */
async function register(
  [hub, ...others]: readonly NamedCluster[],
  { namespace = "argocd" }: UpSettings,
  signal: AbortSignal,
): Promise<void> {
  if (hub === undefined || others.length === 0) return;
  await using cluster = startCluster(hub.cluster.connection, { keepFresh: false });
  const options = { clock: systemClock, fieldManager, signal };
  await installObject(
    cluster,
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    options,
  );
  for (const { name, cluster: target } of others) {
    await installObject(cluster, clusterSecret(name, namespace, target), options);
  }
}

function clusterSecret(
  name: string,
  namespace: string,
  { url, identity }: NamedCluster["cluster"],
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `cluster-${name}`, namespace, labels: { "argocd.argoproj.io/secret-type": "cluster" } },
    type: "Opaque",
    stringData: {
      name,
      server: url,
      config: JSON.stringify({
        tlsClientConfig: {
          caData: base64(identity.ca),
          certData: base64(identity.adminCertificate),
          keyData: base64(identity.adminKey),
        },
      }),
    },
  };
}
