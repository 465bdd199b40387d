import { readFile } from "node:fs/promises";
import type { WriteNotes } from "#api/audit/index.ts";
import { createWriteNotes } from "#api/audit/index.ts";
import type { Authenticator, AuthenticatorOptions } from "#api/auth/index.ts";
import { createClusterAuthStore, startAuthenticator } from "#api/auth/index.ts";
import type { CookieScope } from "#api/auth/cookies/cookies.ts";
import { createChangeFeed } from "#api/change-feed.ts";
import type { ApiContext, PolicyView } from "#api/context.ts";
import type { Caller } from "#api/caller.ts";
import type { Gate } from "#api/dispatch.ts";
import { createDispatcher } from "#api/dispatch.ts";
import { createGate } from "#api/gate.ts";
import { createNodePods } from "#api/node-pods.ts";
import { createOwnedObjects } from "#api/owned-objects.ts";
import { startTargets } from "#api/targets.ts";
import type { AddressOf } from "#api/server/peer.ts";
import { createAddressOf } from "#api/server/peer.ts";
import type { ServeOptions, WebHandler } from "#api/server/serve.ts";
import { createListener } from "#api/server/serve.ts";
import type { RunningServer } from "#api/server/start-server.ts";
import { startServer } from "#api/server/start-server.ts";
import type { StreamLimits } from "#api/stream-limits.ts";
import { createStreamLimits, usualStreamLimits } from "#api/stream-limits.ts";
import { apiMethods } from "#api/services/index.ts";
import { dexRelay } from "#api/web/dex.ts";
import { webHandlers } from "#api/web/index.ts";
import { ssoHandler } from "#api/web/sso.ts";
import { uiHandler } from "#api/web/ui.ts";
import { startWebhooks } from "#api/webhook/index.ts";
import { readConfig } from "#controllers/hub/config.ts";
import { CurrentConfig } from "#controllers/hub/current-config.ts";
import { startHub } from "#controllers/hub/hub.ts";
import type { ClusterConnection } from "#core/cluster/index.ts";
import { stackOf } from "#core/errors/index.ts";
import { secretValuesOf } from "#core/hub/index.ts";
import { namespaceRule } from "#core/project/index.ts";
import { newsName } from "#core/webhook/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Hub } from "#ports/hub.ts";
import type { LiveView } from "#ports/live-view.ts";
import type { Scripts } from "#ports/scripts.ts";
import type { Ui } from "#ports/ui.ts";
import type { Clock } from "#runtime/clock.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import type { Log } from "#runtime/log.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { ServerAudit } from "./start-audit.ts";
import { lastSeen, startAudit } from "./start-audit.ts";
import { createCurrentPolicy } from "./current-policy.ts";
import { readDexServer } from "./dex-server.ts";
import { createClientArchives } from "./client-archives.ts";
import { leaderReader } from "./read-leader.ts";
import { startTemplates } from "./start-templates.ts";
import { createScopedHash } from "./secret-hash.ts";

export interface ApiServerOptions {
  readonly cluster: Cluster;
  /** Opens a cluster that applications are deployed to. */
  readonly openCluster: (connection: ClusterConnection) => Cluster;
  /** The control-plane namespace. */
  readonly namespace: string;
  /** Globs of other namespaces whose Applications are shown. */
  readonly applicationNamespaces: readonly string[];
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Takes any free port where that one is taken. */
  readonly takesOther?: boolean;
  /** Certificate and key in PEM; without them everything is plain. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed; none unless told. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Streams that one user may have open; 200 unless told. */
  readonly maxStreamsPerUser?: number | undefined;
  /** What the paths of the server begin with: empty, or such as `/mooring`. */
  readonly rootPath?: string;
  /** Where browsers find the UI: `/`, or such as `/mooring/`. */
  readonly baseHref?: string;
  /** The web UI; undefined where it was not built. */
  readonly ui?: Ui | undefined;
  readonly live: LiveView;
  /** Disposed of by whoever opened it. */
  readonly audit: ServerAudit;
  readonly scripts: Scripts;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of the credentials that the configuration holds, before any of them is used. */
  readonly onSecrets: (values: ReadonlySet<string>) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onReady?: (port: number, server: Pick<RunningServer, "useCertificate">) => void;
  /** Stands before the gate, such as to record what is asked of it. */
  readonly beforeGate?: (gate: Gate<Caller>) => Gate<Caller>;
  readonly signal: AbortSignal;
}

const megabyte = 1_048_576;
/** An Application may have 1.5 MiB, of which a request may hold two. */
const maxMessageBytes = 8 * megabyte;

/** Serves the API until the signal aborts. Throws CONFIG_INVALID and `KUBE_` errors when it cannot begin. */
export async function runApiServer(options: ApiServerOptions): Promise<void> {
  const { namespace, clock, tls, baseHref = "/", signal, log } = options;
  const notes = createWriteNotes();
  const cluster = notes.observe(options.cluster, (ref) => lastSeen(hub, ref));
  const [feed, pipelines] = [createChangeFeed(), createChangeFeed()];
  const admits = namespaceRule(options.applicationNamespaces, compilePattern);
  const hub = startHub({
    cluster,
    namespace,
    admits,
    log,
    signal,
    onApplication: feed.tell,
    onPromotion: (key, before, after) => {
      if ((after ?? before)?.kind === "Pipeline") pipelines.tell(key, before, after);
    },
    onConfig: (_kind, object) => {
      if (object.metadata.name === newsName) return;
      config.markStale();
      policy.markStale();
    },
  });
  const config = followConfig(hub, options);
  const policy = createCurrentPolicy(hub, { parseYaml: parseConfigYaml, log });
  await hub.synced;
  const openCluster = observedBy(notes, options.openCluster);
  await using targets = startTargets({ ...options, hub, config: () => config.get(), openCluster });
  const scope = { path: baseHref, isSecure: tls !== undefined };
  await using authenticator = await startAuthenticator(authOptions(hub, scope, options), signal);
  await using templates = startTemplates();
  await using audit = await startAudit(hub, { ...options, notes, accounts: authenticator });
  const context: ApiContext = {
    ...options,
    templates,
    audit: audit.view,
    hub,
    config: () => config.get(),
    targets,
    onApplicationChange: feed.listen,
    onPipelineChange: pipelines.listen,
    numberedApplications: feed.numbered,
    admitsNamespace: admits ?? (() => false),
    authenticator,
    policy,
    readLeader: leaderReader(options),
    archives: createClientArchives(clock),
    owned: createOwnedObjects({ clock, signal }),
    nodePods: createNodePods({ clock }),
    secretHash: createScopedHash(() => authenticator.settings.signingKey),
  };
  await using webhooks = startWebhooks(context);
  const gate = gateOf(options, { ...context, scope });
  using dex = relayToDex(authenticator, options);
  const dispatcher = createDispatcher(apiMethods(context), gate, audit.recorder);
  const handlers = [...handlersOf(context, options), webhooks.handler];
  await using server = await listen(options, { dispatcher, handlers, relays: [dex] });
  options.onReady?.(server.port, server);
  await hub.ended;
}

/** Throws what node:net says of an address that cannot be listened at. */
async function listen(
  options: ApiServerOptions,
  parts: Pick<ServeOptions, "dispatcher" | "handlers" | "relays">,
): Promise<RunningServer> {
  const { log, tls, rootPath = "", signal } = options;
  const addressOf = readAddresses(options);
  const onBug = (error: unknown): void => log.error("a request hit a bug", { error: stackOf(error) });
  const onRequest = createListener({ ...parts, addressOf, rootPath, maxMessageBytes, onBug, signal });
  return await startServer({ ...options, tls, onRequest });
}

/** What browsers ask, and is no method. */
function handlersOf(
  context: ApiContext,
  { baseHref: base = "/", ui }: ApiServerOptions,
): readonly WebHandler[] {
  return [...webHandlers(context), ssoHandler({ context, base }), uiHandler({ ui, base })];
}

/** Clusters whose writes are noted; the hub's own is observed already. */
function observedBy(
  notes: WriteNotes,
  open: ApiServerOptions["openCluster"],
): ApiServerOptions["openCluster"] {
  return (connection) => notes.observe(open(connection), () => undefined);
}

function readAddresses({ trustedProxies = [], log }: ApiServerOptions): AddressOf {
  return createAddressOf({
    trustedProxies,
    onUntrusted: (peer) =>
      log.warn("X-Forwarded-For is not believed; name the peer in --trusted-proxies if it is a proxy", {
        peer,
      }),
  });
}

function followConfig(hub: Hub, { log, clock, onSecrets }: ApiServerOptions): CurrentConfig {
  return new CurrentConfig({
    read: () => {
      const read = readConfig(hub, { parseYaml: parseConfigYaml, log });
      onSecrets(secretValuesOf(read));
      return read;
    },
    onChange: () => undefined,
    clock,
  });
}

function relayToDex(authenticator: Authenticator, { env }: ApiServerOptions): ReturnType<typeof dexRelay> {
  return dexRelay({
    settings: () => authenticator.settings,
    dexServer: readDexServer(env),
    environment: env,
  });
}

function limitStreams({ maxStreamsPerUser }: ApiServerOptions): StreamLimits {
  const { maxPerReader } = usualStreamLimits;
  return createStreamLimits({ ...usualStreamLimits, maxPerReader: maxStreamsPerUser ?? maxPerReader });
}

interface Entrance {
  readonly authenticator: Authenticator;
  readonly policy: PolicyView;
  readonly scope: CookieScope;
}

function gateOf(options: ApiServerOptions, { authenticator, policy, scope }: Entrance): Gate<Caller> {
  const { clock, beforeGate } = options;
  const streams = limitStreams(options);
  const gate = createGate({ ...policy, authenticator, scope, streams, clock });
  return beforeGate?.(gate) ?? gate;
}

function authOptions(
  hub: Hub,
  scope: CookieScope,
  { namespace, clock, log, env }: ApiServerOptions,
): AuthenticatorOptions {
  return {
    store: createClusterAuthStore(hub.cluster, namespace),
    parseYaml: parseConfigYaml,
    clock,
    log,
    scope,
    readProject: (name) => Promise.resolve(hub.projects.get(`${namespace}/${name}`)),
    environment: env,
    dexServer: readDexServer(env),
    readClientAssertion: () => readFile(env["AZURE_FEDERATED_TOKEN_FILE"] ?? "", "utf8"),
  };
}
