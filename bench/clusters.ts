import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { customResourceDefinitions } from "#core/crd/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { defaultProject } from "#core/project/default-project.ts";
import { installObject } from "#engine/install-object.ts";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { base64 } from "#main/embedded-kubeconfig.ts";
import { systemClock } from "#runtime/clock.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { TestRepository } from "#test/git-servers/repository.ts";
import { createRepository } from "#test/git-servers/repository.ts";
import { hubNamespace } from "./lib/bed.ts";
import type { Controller } from "./lib/controller.ts";
import { startController } from "./lib/controller.ts";
import { isSynced } from "./lib/fleet.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { round } from "./lib/scenario.ts";
import { watchApplications } from "./lib/wait.ts";

const clusterCount = Number(process.env["BENCH_CLUSTERS"] ?? 1_000);
const appsPerCluster = 10;
const restSeconds = 60;
const appCount = clusterCount * appsPerCluster;

export const scenarios: readonly Scenario[] = [
  {
    name: "clusters",
    what: `${clusterCount} embedded clusters with ${appsPerCluster} applications each: memory of the controller once all are synced, and of the clusters beside it`,
    against: "the target, 16 GiB for both together",
    goal: 1,
    limits:
      "For each cluster the controller keeps two TLS connections, the kinds that it serves, and a watch for each kind that applications have there.",
    measure,
  },
];

interface Server {
  readonly server: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

interface Clusters extends AsyncDisposable {
  readonly servers: readonly Server[];
  readonly kubeconfigPath: string;
  /** Megabytes resident, and processor seconds so far. */
  usage(): Promise<readonly [number, number]>;
}

const { signal } = new AbortController();

async function startClusters(directory: string): Promise<Clusters> {
  const kubeconfigPath = path.join(directory, "kubeconfig");
  const program = fileURLToPath(new URL("./clusters-process.ts", import.meta.url));
  const flags = ["--max-old-space-size=12000"];
  const child = spawn(process.execPath, [...flags, program, kubeconfigPath, `${clusterCount + 1}`], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const [servers] = (await once(child, "message")) as [readonly Server[]];
  return {
    servers,
    kubeconfigPath,
    usage: async () => {
      const answer = once(child, "message");
      child.send("usage");
      const [value] = (await answer) as [readonly [number, number]];
      return value;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function measure(note: Note): Promise<Figure> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-bench-"));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const clusters = stack.use(await startClusters(directory));
  const { connection } = await readKubeconfig({ path: clusters.kubeconfigPath });
  const hub = stack.use(startCluster(connection));
  const repository = await createRepository(path.join(directory, "fleet.git"));
  await repository.commit(filesAt("first"));
  await fill(hub, clusters.servers, repository);
  const controller = stack.use(
    await startController({
      kubeconfigPath: clusters.kubeconfigPath,
      namespace: hubNamespace,
      data: path.join(directory, "data"),
    }),
  );
  await using applications = await watchApplications({ cluster: hub, signal });
  const syncedAt = await applications.until(appCount, (app) => isSynced(app));
  note(`all synced after ${round((syncedAt - controller.readyAt) / 1000)} s`);
  await noteRest(controller, note);
  const startedAt = performance.now();
  const commit = await repository.commit(filesAt("second"));
  await refreshOne(hub);
  const knownAt = await applications.until(appCount, (app) => isSynced(app, commit));
  note(`a commit that changes all of them reached all after ${round((knownAt - startedAt) / 1000)} s`);
  const [{ rssMiB, heapMiB, cpuSeconds }, [clustersMiB, clustersCpu]] = [
    await controller.usage(),
    await clusters.usage(),
  ];
  note(`controller: ${round(rssMiB)} MiB resident, ${round(heapMiB)} MiB heap, ${round(cpuSeconds)} CPU s`);
  note(`clusters: ${round(clustersMiB)} MiB resident, ${round(clustersCpu)} CPU s`);
  const gib = (rssMiB + clustersMiB) / 1024;
  return { value: gib, unit: "GiB", ratio: 16 / gib };
}

async function noteRest(controller: Controller, note: Note): Promise<void> {
  await sleep(10_000);
  const before = await controller.usage();
  await sleep(restSeconds * 1000);
  const after = await controller.usage();
  const share = ((after.cpuSeconds - before.cpuSeconds) / restSeconds) * 100;
  note(`at rest the controller takes ${round(share)} % of a core and ${round(after.rssMiB)} MiB`);
}

/** Somebody looks at one application: that is how a commit is seen at once. */
async function refreshOne(hub: KubeCluster): Promise<void> {
  const type = (await hub.discover(signal)).typeOf("argoproj.io", "Application");
  if (type === undefined) throw new Error("Application is not served");
  const patch = { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } };
  await hub.mergePatch({ type, namespace: hubNamespace, name: appName(0, 0) }, patch, {
    fieldManager: "bench",
    signal,
  });
}

/** One directory for each application of a cluster; all clusters have the same. */
function filesAt(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: appsPerCluster }, (_, i) => [
      `apps/${i}/all.yaml`,
      stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: `app-${i}` }, data: { text } }),
    ]),
  );
}

function appName(cluster: number, app: number): string {
  return `c${String(cluster).padStart(4, "0")}-${app}`;
}

async function fill(hub: KubeCluster, servers: readonly Server[], repository: TestRepository): Promise<void> {
  const options = { clock: systemClock, fieldManager: "bench", signal };
  const install = (object: KubeObject) => installObject(hub, object, options);
  await install({ apiVersion: "v1", kind: "Namespace", metadata: { name: hubNamespace } });
  for (const definition of customResourceDefinitions()) await install(definition);
  await install(defaultProject(hubNamespace));
  const targets = servers.slice(1);
  const objects = targets.flatMap((server, cluster) => [
    clusterSecret(server, cluster),
    ...Array.from({ length: appsPerCluster }, (_, app) => application(repository.url, cluster, app)),
  ]);
  const discovery = await hub.discover(signal, { refresh: true });
  await mapLimit(objects, 16, async (object) => {
    const type = discovery.typeOf(object.kind === "Secret" ? "" : "argoproj.io", object.kind);
    if (type === undefined) throw new Error(`${object.kind}: is not served`);
    await hub.create(type, object, { fieldManager: "bench", signal });
  });
}

function clusterSecret({ server, ca, certificate, key }: Server, cluster: number): KubeObject {
  const config: JsonObject = {
    tlsClientConfig: { caData: base64(ca), certData: base64(certificate), keyData: base64(key) },
  };
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `cluster-${cluster}`,
      namespace: hubNamespace,
      labels: { "argocd.argoproj.io/secret-type": "cluster" },
    },
    stringData: { name: `c${cluster}`, server, config: JSON.stringify(config) },
  };
}

function application(repoURL: string, cluster: number, app: number): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: appName(cluster, app), namespace: hubNamespace },
    spec: {
      project: "default",
      source: { repoURL, path: `apps/${app}`, targetRevision: "main" },
      destination: { name: `c${cluster}`, namespace: "default" },
      syncPolicy: { automated: { selfHeal: true } },
    },
  };
}
