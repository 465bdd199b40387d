import { randomInt, randomUUID } from "node:crypto";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import { isJsonObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime, systemClock } from "#runtime/clock.ts";
import { judgeByRoles, rulesFor } from "../authorize/rbac.ts";
import { observeStore } from "../collect/observed-store.ts";
import { startCollectors } from "../collect/start-collectors.ts";
import type { ApiServer } from "../http/index.ts";
import { startApiServer } from "../http/index.ts";
import { createCatalogFactory } from "../kinds/catalog.ts";
import type { RecordedDocuments } from "../recorded/documents.ts";
import { openRecordedDocuments } from "../recorded/documents.ts";
import { createKindRules } from "../schema/create-rules.ts";
import { createMemoryStore } from "../storage/memory-store.ts";
import { openSqliteStore } from "../storage/sqlite-store.ts";
import type { Store, StoreEvent } from "../storage/store.ts";
import type { ClusterIdentity } from "../tls/identity.ts";
import { createIdentity, openIdentity } from "../tls/identity.ts";
import type { User } from "../verbs/api.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { createEmbeddedApi } from "../verbs/create-api.ts";
import { startWorkloads } from "../workloads/index.ts";
import { createAllocations } from "./allocations.ts";
import { bootstrap } from "./bootstrap.ts";
import { createDefinitions } from "./definitions.ts";
import { readKnownPort, writeKnownPort } from "./known-port.ts";
import { createOpenApi } from "./open-api.ts";
import { podLog } from "./pod-logs.ts";

export interface EmbeddedClusterOptions {
  /** Where the cluster is kept; in memory, and gone with the process, without it. */
  readonly directory?: string;
  /** Any free port unless told. */
  readonly port?: number;
  readonly clock?: Clock;
  /** An API server alone: nothing is collected, no workload is played, nothing but requests changes anything. */
  readonly isAlone?: boolean;
  /** Told of failures that no client caused. */
  readonly onFailure: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** A Kubernetes API server in this process, with simulated nodes. */
export interface EmbeddedCluster extends AsyncDisposable {
  readonly url: string;
  /** How its administrator reaches it. */
  readonly connection: ClusterConnection;
  readonly identity: ClusterIdentity;
}

const admin: User = { name: "admin", groups: ["system:masters", "system:authenticated"] };

/** Resolves when requests are served. Throws CONFIG_INVALID for a directory that cannot be used. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  await using setup = new AsyncDisposableStack();
  const { directory, onFailure, signal } = options;
  const identity = directory === undefined ? createIdentity() : await openIdentity(directory);
  const kept = setup.use(directory === undefined ? createMemoryStore() : openSqliteStore({ directory }));
  const clock = options.clock ?? systemClock;
  const isAlone = options.isAlone ?? false;
  const core = setup.use(startCore({ kept, clock, certificate: identity.ca, isAlone, onFailure }));
  const server = setup.use(await startOnKnownPort(core, { identity, options }));
  signal.throwIfAborted();
  const owned = setup.move();
  return {
    url: server.url,
    connection: connectionTo(server.url, identity),
    identity,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Serving {
  readonly identity: ClusterIdentity;
  readonly options: EmbeddedClusterOptions;
}

/** A cluster that is kept comes back on its port, if nobody has taken it meanwhile. */
async function startOnKnownPort(core: Core, { identity, options }: Serving): Promise<ApiServer> {
  const { directory, port } = options;
  if (directory === undefined) return startServer(core, { identity, options });
  const known = port ?? (await readKnownPort(directory));
  const server = await startServer(core, {
    identity,
    options: { ...options, ...(known === undefined ? {} : { port: known }) },
  }).catch(async (error: unknown) => {
    if (port !== undefined || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return startServer(core, { identity, options });
  });
  await writeKnownPort(directory, server.port);
  return server;
}

interface Core extends Disposable {
  readonly state: ClusterState;
  readonly documents: RecordedDocuments;
  readonly openApi: (path: string) => string | undefined;
}

interface CoreOptions {
  readonly kept: Store;
  readonly clock: Clock;
  /** PEM of the authority that the server's certificate is from. */
  readonly certificate: string;
  readonly isAlone: boolean;
  readonly onFailure: (error: unknown) => void;
}

/** The cluster without its port: its state, and what acts on it by itself. */
function startCore({ kept, clock, ...options }: CoreOptions): Core {
  const documents = openRecordedDocuments();
  const listeners: ((event: StoreEvent) => void)[] = [];
  const store = observeStore(kept, (event) => {
    for (const listener of listeners) listener(event);
  });
  const defined = createDefinitions(createCatalogFactory(documents), { store: () => store, clock });
  listeners.push((event) => defined.note(event));
  const rules = createKindRules({
    documents,
    allocate: createAllocations(() => store),
    now: () => formatTime(clock.now()),
    priorityClass: (name) => priorityClassOf(store, name),
  });
  const state: ClusterState = {
    store,
    catalog: defined.catalog,
    rules,
    clock,
    newUid: randomUUID,
    newSuffix,
  };
  const running = new DisposableStack();
  running.use(defined);
  if (!options.isAlone) {
    const actors = [
      startCollectors(state, { clock, ...options }),
      startWorkloads(state, { clock, ...options }),
    ];
    for (const actor of actors) {
      running.use(actor);
      listeners.push((event) => actor.note(event));
    }
  }
  defined.start(state);
  bootstrap(state);
  const openApi = createOpenApi(documents, defined.all);
  return { state, documents, openApi, [Symbol.dispose]: () => running.dispose() };
}

function startServer(
  { state, documents, openApi }: Core,
  { identity, options }: Serving,
): Promise<ApiServer> {
  return startApiServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    tls: { key: identity.serverKey, cert: identity.serverCertificate, clientCa: identity.ca },
    authenticate: { tokens: new Map([[identity.adminToken, admin]]) },
    authorize: (attempt) => judgeByRoles(state.store, attempt),
    rulesOf: (user, namespace) => {
      const rules = rulesFor(state.store, user, namespace).filter((rule) => isJsonObject(rule));
      return {
        resourceRules: rules.filter((rule) => rule["nonResourceURLs"] === undefined),
        nonResourceRules: rules.filter((rule) => rule["nonResourceURLs"] !== undefined),
        incomplete: false,
      };
    },
    api: createEmbeddedApi(state),
    catalog: state.catalog,
    version: documents.index.version,
    openApi,
    readLog: (request) => podLog(state, request),
    onError: options.onFailure,
    clock: state.clock,
  });
}

function priorityClassOf(store: Store, name: string) {
  const resource = "scheduling.k8s.io/priorityclasses";
  if (name !== "") return store.read({ resource, namespace: "", name })?.object;
  return store.list({ resource }).find(({ object }) => object["globalDefault"] === true)?.object;
}

/** Letters that spell no words, as the API server generates names. */
const letters = "bcdfghjklmnpqrstvwxz2456789";

function newSuffix(): string {
  return Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join("");
}

function connectionTo(
  server: string,
  { ca, adminCertificate, adminKey }: ClusterIdentity,
): ClusterConnection {
  return {
    server,
    tls: { caData: ca, certData: adminCertificate, keyData: adminKey, insecure: false },
    auth: { kind: "none" },
  };
}
