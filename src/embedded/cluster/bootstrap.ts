import type { KubeObject } from "#core/object/index.ts";
import { systemCalls } from "../collect/system-calls.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";

const namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Makes what every cluster has, where it is missing. */
export function bootstrap(state: ClusterState): void {
  const calls = systemCalls(state, "bootstrap");
  for (const name of namespaces) {
    calls.create(
      { resource: "/namespaces", namespace: "", name },
      { apiVersion: "v1", kind: "Namespace", metadata: { name } },
    );
  }
  const service = { resource: "/services", namespace: "default", name: "kubernetes" };
  // Its address is taken where it is there: it is refused for that first.
  if (calls.read(service) === undefined) calls.create(service, apiService());
}

/** How what runs in a cluster finds its API server. */
function apiService(): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { component: "apiserver", provider: "kubernetes" },
    },
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.1",
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
    },
  };
}
