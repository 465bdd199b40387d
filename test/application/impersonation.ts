import { callApi } from "../control-plane/fixture.ts";
import type { TestHub } from "./hub.ts";

/** Lets a service account write ConfigMaps, and nothing else. */
export async function permit(hub: TestHub, namespace: string): Promise<void> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const post = (path: string, body: object) => callApi(hub.access, { method: "POST", path, body });
  await post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: "deployer" } });
  await post(`${rbac}/roles`, {
    metadata: { name: "deployer" },
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["*"] }],
  });
  await post(`${rbac}/rolebindings`, {
    metadata: { name: "deployer" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "deployer" },
    subjects: [{ kind: "ServiceAccount", name: "deployer", namespace }],
  });
}

/** Starts a controller on a hub with these settings. */
export async function startImpersonating(
  hub: TestHub,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  await hub.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
    data,
  });
  await hub.start();
}
