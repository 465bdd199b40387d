import { join } from "node:path";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ApplicationService } from "#api/contract/gen/argocd/application_pb.ts";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { TestRepository } from "../git-servers/repository.ts";
import { createRepository } from "../git-servers/repository.ts";
import type { RunningServer } from "./running-server.ts";
import { startServer } from "./running-server.ts";

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Somebody who is logged in. */
interface Session {
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  get(path: string): Promise<Answer>;
  send(method: string, path: string, body: JsonObject): Promise<Answer>;
}

/** What `mooring up` runs, who uses it, and a Git repository to deploy from. */
export interface RunningUp extends AsyncDisposable {
  readonly url: string;
  readonly cluster: KubeCluster;
  readonly admin: Session;
  readonly applications: Client<typeof ApplicationService>;
  readonly repository: TestRepository;
  readonly signal: AbortSignal;
  /** Logs in as somebody with a password. */
  logIn(username: string, password: string): Promise<Session>;
  /** Entries of argocd-cm; the server hears of them by its watch. */
  configure(data: Readonly<Record<string, string>>): Promise<void>;
  setPolicies(policies: string): Promise<void>;
  /** Makes a local account that these policies are for, and logs it in. */
  addAccount(name: string, policies: string): Promise<Session>;
  /** Creates an automated Application of what is in the repository and waits until it is healthy. */
  deploy(name: string, spec?: JsonObject, annotations?: Readonly<Record<string, string>>): Promise<void>;
}

export async function startUp(): Promise<RunningUp> {
  return useServer(await startServer());
}

/** Uses a server, which is gone with what this gives. */
export async function useServer(served: Omit<RunningServer, "pid" | "kill">): Promise<RunningUp> {
  await using started = new AsyncDisposableStack();
  const server = started.use(served);
  const url = `http://${server.address}`;
  const repository = await createRepository(join(server.directory, "app.git"));
  const stop = new AbortController();
  started.defer(() => stop.abort());
  const { connection } = await readKubeconfig({ path: server.kubeconfig });
  const cluster = started.use(startCluster(connection, { keepFresh: false }));
  const logIn = (username: string, password: string) => openSession(url, { username, password });
  const adminPassword = server.password;
  const admin = await logIn("admin", adminPassword);
  const change = async (name: string, data: Readonly<Record<string, string>>): Promise<void> => {
    const ref = { type: hubTypes.configMap, namespace: "argocd", name };
    await cluster.mergePatch(ref, { data }, { fieldManager: "test", signal: stop.signal });
  };
  const running = started.move();
  return {
    url,
    cluster,
    admin,
    repository,
    logIn,
    signal: stop.signal,
    configure: (data) => change("argocd-cm", data),
    setPolicies: (policies) => change("argocd-rbac-cm", { "policy.csv": policies }),
    addAccount: async (name, policies) => {
      await change("argocd-rbac-cm", { "policy.csv": policies });
      await change("argocd-cm", { [`accounts.${name}`]: "login" });
      const password = `${name}-password`;
      const wanted = { name, newPassword: password, currentPassword: adminPassword };
      // The server hears of the account by its watch, after the policies.
      await eventually(async () => {
        const { status, body } = await admin.send("PUT", "account/password", wanted);
        if (status !== 200) throw new Error(`account ${name}: no password: ${JSON.stringify(body)}`);
      });
      return logIn(name, password);
    },
    applications: createClient(ApplicationService, createGrpcTransport({ baseUrl: url })),
    deploy: (name, spec = {}, annotations = {}) =>
      deploy({ cluster, admin, signal: stop.signal }, { name, repoURL: repository.url, spec, annotations }),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function openSession(url: string, credentials: JsonObject): Promise<Session> {
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}/api/v1/${path}`, init);
    return { status: response.status, body: (await response.json()) as JsonObject };
  };
  const json = { "content-type": "application/json" };
  const login = await send("session", { method: "POST", body: JSON.stringify(credentials), headers: json });
  const token = login.body["token"];
  if (typeof token !== "string") throw new Error(`no session: ${JSON.stringify(login)}`);
  const headers = { authorization: `Bearer ${token}` };
  return {
    token,
    headers,
    get: (path) => send(path, { headers }),
    send: (method, path, body) =>
      send(path, { method, body: JSON.stringify(body), headers: { ...headers, ...json } }),
  };
}

interface Deployment {
  readonly name: string;
  readonly repoURL: string;
  readonly spec: JsonObject;
  readonly annotations: Readonly<Record<string, string>>;
}

async function deploy(
  { cluster, admin, signal }: Pick<RunningUp, "cluster" | "admin" | "signal">,
  { name, repoURL, spec, annotations }: Deployment,
): Promise<void> {
  const app = {
    metadata: { name, namespace: "argocd", annotations },
    spec: {
      project: "default",
      source: { repoURL, path: ".", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: name },
      syncPolicy: { automated: {}, syncOptions: ["CreateNamespace=true"] },
      ...spec,
    },
  };
  const created = await admin.send("POST", "applications", app);
  if (created.status !== 200) throw new Error(`not created: ${JSON.stringify(created.body)}`);
  const watching = new AbortController();
  const options = { namespace: "argocd", fieldSelector: `metadata.name=${name}` };
  const until = AbortSignal.any([signal, watching.signal]);
  for await (const event of cluster.watch(hubTypes.application, { ...options, signal: until })) {
    if (event.type !== "applied") continue;
    const health = viewString(event.object, "status", "health", "status");
    const sync = viewString(event.object, "status", "sync", "status");
    if (health === "Healthy" && sync === "Synced") return watching.abort();
  }
}
