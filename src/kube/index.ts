/**
 * The Kubernetes adapter. `config/` reads where a cluster is and who to be there, `http/` carries requests (login, limits,
 * retries, errors in Mooring's terms), `cluster/` are the verbs, `discovery/` what is served and its schemas, `watch/` lists and
 * watches without loss, `live/` what lives in a cluster as far as applications need it.
 */
export { startCluster } from "./cluster/start-cluster.ts";
export type { ClusterOptions, KubeCluster } from "./cluster/start-cluster.ts";
export type { HttpRequest, HttpResponse, Transport } from "./http/transport.ts";
export { inClusterConnection } from "./config/in-cluster.ts";
export { readKubeconfig } from "./config/kubeconfig.ts";
export { startLiveStore } from "./live/live-store.ts";
export type { LiveStoreOptions } from "./live/live-store.ts";
