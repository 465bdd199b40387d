import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { Role } from "./labels.ts";
import { labelsOf, nameOf, selectorOf } from "./labels.ts";
import { internalPort, serverPort } from "./workloads.ts";

/** Who may reach what: everybody the server, servers the controller, nobody anything else. */
export function formatNetworkPolicies(namespace: string): readonly KubeObject[] {
  const fromServers: JsonObject = { from: [{ podSelector: { matchLabels: selectorOf("server") } }] };
  return [
    formatPolicy("controller", namespace, {
      ...fromServers,
      ports: [{ protocol: "TCP", port: internalPort }],
    }),
    formatPolicy("server", namespace, { ports: [{ protocol: "TCP", port: serverPort }] }),
  ];
}

function formatPolicy(role: Role, namespace: string, ingress: JsonObject): KubeObject {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: nameOf(role), namespace, labels: labelsOf(role) },
    spec: {
      podSelector: { matchLabels: selectorOf(role) },
      policyTypes: ["Ingress"],
      ingress: [ingress],
    },
  };
}
