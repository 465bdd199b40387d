import type { ClusterConnection } from "#core/cluster/index.ts";
import { inClusterConnection, readKubeconfig } from "#kube/index.ts";

export interface HubChoice {
  /** A kubeconfig file; without it and a context KUBECONFIG, the pod's service account, then ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** The connection of a role of the control plane to its hub. Throws KUBE_CONFIG_INVALID. */
export async function hubConnection({ kubeconfig, context }: HubChoice): Promise<ClusterConnection> {
  const explicit = kubeconfig ?? context ?? process.env["KUBECONFIG"];
  if (explicit === undefined && process.env["KUBERNETES_SERVICE_HOST"] !== undefined)
    return (await inClusterConnection()).connection;
  const { connection } = await readKubeconfig({
    ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  return connection;
}
