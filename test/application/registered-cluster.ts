import { callApi, type TestHub } from "./fixture.ts";

export interface ClusterSettings {
  readonly name: string;
  readonly server: string;
  readonly token?: string;
  readonly namespaces?: string;
}

/** Creates a cluster's Secret. */
export async function register(
  hub: TestHub,
  { name, server, token, namespaces }: ClusterSettings,
): Promise<void> {
  const config = {
    bearerToken: token ?? hub.access.token,
    tlsClientConfig: { caData: Buffer.from(hub.access.caCertificate).toString("base64") },
  };
  await hub.create({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `cluster-${name}`, labels: { "argocd.argoproj.io/secret-type": "cluster" } },
    stringData: {
      name,
      server,
      config: JSON.stringify(config),
      ...(namespaces === undefined ? {} : { namespaces }),
    },
  });
}

/** The same API server under a URL that makes it another cluster. */
export function anotherUrl(hub: TestHub, host: string): string {
  return hub.access.server.replace("127.0.0.1", host);
}

/** Lets one of the powerless users do everything in one namespace and nothing anywhere else. */
export async function admit(hub: TestHub, user: string, namespace: string): Promise<void> {
  await callApi(hub.access, {
    method: "POST",
    path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    body: {
      metadata: { name: "all" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    },
  });
}
