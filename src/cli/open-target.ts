import type { ClusterRecord } from "#core/cluster/index.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { CliHub } from "./hub.ts";
import type { CliPorts } from "./ports.ts";

export interface Target extends AsyncDisposable {
  readonly cluster: Cluster;
}

/** The cluster that an Application is deployed to; the control plane's own one is open already and stays so. */
export async function openTarget(record: ClusterRecord, hub: CliHub, ports: CliPorts): Promise<Target> {
  if (record.connection === undefined) {
    return { cluster: hub.cluster, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const cluster = await ports.openCluster(record.connection);
  return { cluster, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
}
