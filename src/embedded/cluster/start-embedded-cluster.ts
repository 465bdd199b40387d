import { randomInt, randomUUID } from "node:crypto";
import type { ClusterConnection } from "#core/cluster/connection.ts";
import type { Clock } from "#runtime/clock.ts";
import { systemClock } from "#runtime/clock.ts";
import type { ApiServer } from "../http/index.ts";
import { startApiServer } from "../http/index.ts";
import { createMemoryStore } from "../storage/memory-store.ts";
import { openSqliteStore } from "../storage/sqlite-store.ts";
import type { ClusterIdentity } from "../tls/identity.ts";
import { createIdentity, openIdentity } from "../tls/identity.ts";
import { readKnownPort, writeKnownPort } from "./known-port.ts";
import type { Core } from "./start-core.ts";
import { startCore } from "./start-core.ts";

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

/** Resolves when requests are served. Throws CONFIG_INVALID for a directory that cannot be used. */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  await using setup = new AsyncDisposableStack();
  const { directory, onFailure, signal } = options;
  const identity = directory === undefined ? createIdentity() : await openIdentity(directory);
  const kept = setup.use(directory === undefined ? createMemoryStore() : openSqliteStore({ directory }));
  const core = setup.use(
    startCore({
      kept,
      clock: options.clock ?? systemClock,
      certificate: identity.ca,
      newUid: randomUUID,
      randomInt: (end) => randomInt(end),
      isAlone: options.isAlone ?? false,
      onFailure,
    }),
  );
  const server = setup.use(await startOnKnownPort(core, identity, options));
  signal.throwIfAborted();
  const owned = setup.move();
  return {
    url: server.url,
    connection: connectionTo(server.url, identity),
    identity,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A cluster that is kept comes back on its port, if nobody has taken it meanwhile. */
async function startOnKnownPort(
  core: Core,
  identity: ClusterIdentity,
  { directory, port }: EmbeddedClusterOptions,
): Promise<ApiServer> {
  const start = (on: number | undefined): Promise<ApiServer> =>
    startApiServer({
      ...core.serverOptions(identity.adminToken),
      ...(on === undefined ? {} : { port: on }),
      tls: { key: identity.serverKey, cert: identity.serverCertificate, clientCa: identity.ca },
    });
  if (directory === undefined) return start(port);
  const server = await start(port ?? (await readKnownPort(directory))).catch(async (error: unknown) => {
    if (port !== undefined || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return start(undefined);
  });
  await writeKnownPort(directory, server.port);
  return server;
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
