import { type ApiAccess, callApi, type KubernetesObject } from "./api-client.ts";
import { eventually, type EventuallyOptions } from "./eventually.ts";

interface NodeList {
  readonly items: readonly KubernetesObject[];
}

/** Creates the nodes as soon as the API server takes them. */
export async function createNodes(access: ApiAccess, count: number, wait: EventuallyOptions): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`);
  await Promise.all(names.map((name) => eventually(() => createNode(access, name), wait)));
}

async function createNode(access: ApiAccess, name: string): Promise<void> {
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": "amd64",
  };
  const body = { metadata: { name, labels } };
  await callApi(access, { method: "POST", path: "/api/v1/nodes", body });
}

/** Resolves once every node is ready and the default service account is there. */
export async function waitForWorkloads(access: ApiAccess, options: EventuallyOptions): Promise<void> {
  await eventually(async () => {
    const { items } = await callApi<NodeList>(access, { path: "/api/v1/nodes" });
    const waiting = items.filter((node) => !isReady(node)).map((node) => node.metadata.name);
    if (waiting.length > 0) throw new Error(`${waiting.join(", ")}: not ready; see kwok.log`);
  }, options);
  await eventually(
    () => callApi(access, { path: "/api/v1/namespaces/default/serviceaccounts/default" }),
    options,
  );
}

function isReady(node: KubernetesObject): boolean {
  const conditions = (node["status"]?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}
