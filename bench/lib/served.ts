import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import type { RunningServer } from "#test/api/running-server.ts";
import { startServer } from "#test/api/running-server.ts";
import { hubNamespace } from "./bed.ts";
import { appName } from "./fleet.ts";

export const applications = Number(process.env["BENCH_APPS"] ?? 10_000);

export const { signal } = new AbortController();
export const write = { fieldManager: "bench", signal };

/** `mooring up` on an embedded cluster, and the administrator. */
export interface Bench extends AsyncDisposable {
  readonly server: RunningServer;
  readonly hub: KubeCluster;
  readonly token: string;
  /** Asks as the administrator unless told; throws for anything but an answer. */
  readonly ask: (line: string, body?: JsonObject, token?: string) => Promise<JsonObject>;
}

export async function startBench(): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startServer());
  const { connection } = await readKubeconfig({ path: server.kubeconfig });
  const hub = stack.use(startCluster(connection));
  const ask = async (line: string, body?: JsonObject, token = ""): Promise<JsonObject> => {
    const [method = "", at = ""] = line.split(" ");
    const response = await fetch(`http://${server.address}${at}`, {
      method,
      headers: {
        ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as JsonObject;
    if (!response.ok) throw new Error(`${line}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const token = await logIn({ ask }, "admin", server.password);
  const owned = stack.move();
  return {
    server,
    hub,
    token,
    ask: (line, body, other = token) => ask(line, body, other),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function logIn({ ask }: Pick<Bench, "ask">, username: string, password: string): Promise<string> {
  return viewString(await ask("POST /api/v1/session", { username, password }), "token") ?? "";
}

/** Megabytes resident of the process that serves. */
export async function residentMiB({ server }: Bench): Promise<number> {
  const status = await readFile(`/proc/${server.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1] ?? 0) / 1024;
}

/** Applications that nobody reconciles, each with a status of thirty resources. */
export async function fill({ hub }: Bench): Promise<void> {
  const numbers = Array.from({ length: applications }, (_, number) => number);
  await mapLimit(numbers, 16, async (number) => {
    await hub.create(hubTypes.application, restingApplication(number), write);
  });
}

function restingApplication(number: number): KubeObject {
  const name = appName(number);
  const health = ["Healthy", "Healthy", "Healthy", "Degraded", "Progressing"][number % 5] ?? "";
  const sync = number % 4 === 0 ? "OutOfSync" : "Synced";
  const resources = Array.from({ length: 30 }, (_, i) => ({
    version: "v1",
    kind: "ConfigMap",
    namespace: `team-${number % 50}`,
    name: `${name}-part-${i}`,
    status: sync,
    health: { status: health },
  }));
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name,
      namespace: hubNamespace,
      annotations: { "argocd.argoproj.io/skip-reconcile": "true" },
      labels: { team: `team-${number % 50}` },
    },
    spec: {
      project: "default",
      source: { repoURL: "https://git.example.com/fleet.git", path: `apps/${name}`, targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: `team-${number % 50}` },
    },
    status: { sync: { status: sync }, health: { status: health }, resources },
  } as unknown as KubeObject;
}

/** The server knows of all of them. */
export async function eventuallyAll({ ask }: Bench, page: string): Promise<void> {
  for (;;) {
    const { counts } = await ask(page);
    if ((counts as { readonly total?: number } | undefined)?.total === applications) return;
    await sleep(200);
  }
}
