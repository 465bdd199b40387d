import type { StringMap } from "#core/object/index.ts";
import type { ClusterConnection } from "./connection.ts";

/** The API server's address inside every cluster, and the name under which it is known. */
export const inClusterServer = "https://kubernetes.default.svc";
const inClusterName = "in-cluster";

/** A cluster that Applications can be deployed to, as its Secret on the hub describes it. */
export interface ClusterRecord {
  /** What `destination.name` refers to; the server when the Secret gives no name. */
  readonly name: string;
  /** What `destination.server` refers to; no trailing slash. */
  readonly server: string;
  /** Undefined for the cluster that Mooring itself is connected to: use that connection. */
  readonly connection: ClusterConnection | undefined;
  /** The only namespaces to look at; empty for all. */
  readonly namespaces: readonly string[];
  /** With `namespaces`: cluster-scoped objects are managed, too. */
  readonly clusterResources: boolean;
  readonly project?: string;
  readonly shard?: number;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** Name of the Secret that the record was read from. */
  readonly secretName?: string;
}

/** The cluster that Mooring runs in, for which no Secret is needed. */
export const inClusterRecord: ClusterRecord = {
  name: inClusterName,
  server: inClusterServer,
  connection: undefined,
  namespaces: [],
  clusterResources: false,
  labels: {},
  annotations: {},
};
