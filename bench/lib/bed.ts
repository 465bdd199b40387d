import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { customResourceDefinitions } from "#core/crd/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { gvkOf } from "#core/object/index.ts";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import { callApi } from "#test/control-plane/api-client.ts";
import type { AuditEntry } from "#test/control-plane/audit.ts";
import { eventually } from "#test/control-plane/eventually.ts";
import { formatKubeconfig } from "#test/control-plane/kubeconfig.ts";
import { type ControlPlane, startControlPlane } from "#test/control-plane/start.ts";
import { type Controller, startController } from "./controller.ts";

export const hubNamespace = "argocd";
/** The controller is somebody of its own, so that the audit log tells its requests from the benchmark's. */
const controllerUser = "robot";
const createConcurrency = 16;

/** A control plane with Mooring's kinds, and a scratch directory; both go with it. */
export interface Bed extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  /** The same transport as the controller's. */
  readonly cluster: KubeCluster;
  readonly directory: string;
  readonly signal: AbortSignal;
  startController(): Promise<Controller>;
  /** Creates objects of any kinds; not part of any figure. */
  create(objects: readonly KubeObject[]): Promise<void>;
  createNamespaces(...names: readonly string[]): Promise<void>;
  /** Requests of the controller since a mark, watches and its lease left out. */
  requestsSince(mark: number): Promise<readonly AuditEntry[]>;
}

export async function createBed(settings: Readonly<Record<string, string>> = {}): Promise<Bed> {
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(await startControlPlane());
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-bench-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const { connection } = await readKubeconfig({ path: controlPlane.kubeconfigPath });
  const cluster = stack.use(startCluster(connection));
  const ending = new AbortController();
  stack.defer(() => ending.abort());
  const { signal } = ending;
  const { access } = controlPlane;
  await install(cluster, signal);
  const create = async (objects: readonly KubeObject[]) => {
    const discovery = await cluster.discover(signal);
    await mapLimit(objects, createConcurrency, async (object) => {
      const { group, kind, version } = gvkOf(object);
      const type = discovery.typeOf(group, kind, version);
      if (type === undefined) throw new Error(`${kind}: is not served`);
      await cluster.create(type, object, { fieldManager: "bench", signal });
    });
  };
  await create([namespaceOf(hubNamespace)]);
  await create([settingsMap(settings), ...permissions()]);
  const kubeconfigPath = path.join(directory, "controller.kubeconfig");
  const token = access.users[controllerUser] ?? "";
  await writeFile(kubeconfigPath, formatKubeconfig(access, { token }), { mode: 0o600 });
  const owned = stack.move();
  return {
    controlPlane,
    cluster,
    directory,
    signal,
    create,
    createNamespaces: async (...names) => {
      await create(names.map((name) => namespaceOf(name)));
      for (const name of names) {
        await eventually(() =>
          callApi(access, { path: `/api/v1/namespaces/${name}/serviceaccounts/default` }),
        );
      }
    },
    startController: () =>
      startController({ kubeconfigPath, data: path.join(directory, "data"), namespace: hubNamespace }),
    requestsSince: async (mark) => {
      const { entries } = await controlPlane.auditEntries(mark);
      return entries.filter(
        (entry) => entry.user === controllerUser && entry.verb !== "watch" && entry.resource !== "leases",
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function install(cluster: KubeCluster, signal: AbortSignal): Promise<void> {
  const definitions = customResourceDefinitions();
  const type = (await cluster.discover(signal)).typeOf("apiextensions.k8s.io", "CustomResourceDefinition");
  if (type === undefined) throw new Error("the cluster serves no CustomResourceDefinition");
  for (const definition of definitions) {
    await cluster.apply(type, definition, { fieldManager: "bench", force: true, signal });
  }
  await eventually(async () => {
    const discovery = await cluster.discover(signal, { refresh: true });
    for (const kind of ["Application", "AppProject"]) {
      const served = discovery.typeOf("argoproj.io", kind);
      if (served === undefined) throw new Error(`${kind}: is not served yet`);
      await cluster.list(served, { signal });
    }
  });
}

function namespaceOf(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function settingsMap(data: JsonObject): KubeObject {
  const labels = { "app.kubernetes.io/part-of": "argocd" };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", namespace: hubNamespace, labels },
    data,
  };
}

function permissions(): readonly KubeObject[] {
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "bench-controller" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "User", name: controllerUser, apiGroup: "rbac.authorization.k8s.io" }],
    },
  ];
}

/** `PATCH deployments` and how often, most frequent first. */
export function formatRequests(entries: readonly AuditEntry[]): string {
  const counts = new Map<string, number>();
  for (const { verb, resource, requestUri } of entries) {
    const dry = requestUri.includes("dryRun=") ? " (dry run)" : "";
    const name = `${verb} ${resource === "" ? (requestUri.split("?")[0] ?? "") : resource}${dry}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 12)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
