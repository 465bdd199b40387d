export { startCluster } from "./cluster/start-cluster.ts";
export type { ClusterOptions, KubeCluster } from "./cluster/start-cluster.ts";
export { inClusterConnection } from "./config/in-cluster.ts";
export { readKubeconfig } from "./config/kubeconfig.ts";
export type { KubeconfigConnection, KubeconfigOptions } from "./config/kubeconfig.ts";
export { startLiveStore } from "./live/live-store.ts";
export type { LiveStoreOptions } from "./live/live-store.ts";
