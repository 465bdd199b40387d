/**
 * The embedded cluster: a Kubernetes API server in this process. `storage/` keeps objects under one revision, `kinds/` says what is served,
 * `schema/` decodes, completes and validates, `verbs/` are the requests, `http/` is the wire, `collect/` removes what nobody owns, `workloads/`
 * plays nodes and controllers, `cluster/` puts them together.
 */
export { startEmbeddedCluster } from "./cluster/start-embedded-cluster.ts";
export { openClusterInProcess } from "./cluster/open-cluster-in-process.ts";
export type { InProcessCluster } from "./cluster/open-cluster-in-process.ts";
export type { EmbeddedCluster } from "./cluster/start-embedded-cluster.ts";
export { createCertificateAuthority, openCertificateAuthority } from "./tls/certificates.ts";
export type { CertificateAuthority } from "./tls/certificates.ts";
