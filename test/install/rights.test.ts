import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { startRole } from "#test/api/apart.ts";
import type { ApiRequest } from "#test/control-plane/api-client.ts";
import { callApi, controlPlane, createNamespace, eventually } from "#test/control-plane/fixture.ts";
import { formatKubeconfig } from "#test/control-plane/kubeconfig.ts";
import { createRepository } from "#test/git-servers/repository.ts";

const run = promisify(execFile);
const program = path.join(import.meta.dirname, "../../bin/mooring");
const cleanUp = new AsyncDisposableStack();
const tokens: Record<string, string> = {};
let namespace = "";
let target = "";
let address = "";
let session = "";

/** Asks the API server as the account of a role, with its token and no other right. */
async function statusAs(role: string, call: ApiRequest): Promise<number> {
  const access = { ...controlPlane(), token: tokens[role] ?? "" };
  try {
    await callApi(access, call);
    return 200;
  } catch (error) {
    if (error instanceof Error && "status" in error && typeof error.status === "number") return error.status;
    throw error;
  }
}

async function ask(line: string, body?: JsonObject): Promise<JsonObject> {
  const [method = "", at = ""] = line.split(" ");
  const response = await fetch(`http://${address}/api/v1/${at}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(session === "" ? {} : { authorization: `Bearer ${session}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as JsonObject;
  if (!response.ok) throw new Error(`${line}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function tokenOf(role: string, within: string): Promise<string> {
  const answer = await callApi(controlPlane(), {
    method: "POST",
    path: `/api/v1/namespaces/${within}/serviceaccounts/mooring-${role}/token`,
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  });
  return viewString(answer as unknown as JsonObject, "status", "token") ?? "";
}

/** Installs, and runs controller and server with the tokens of the accounts that the installation makes. */
beforeAll(async () => {
  const access = controlPlane();
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-rights-"));
  cleanUp.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  namespace = cleanUp.use(await createNamespace(access, "rights")).name;
  target = cleanUp.use(await createNamespace(access, "rights-target")).name;
  const admin = ["--kubeconfig", access.kubeconfigPath];
  await run(program, [...admin, "install", "--apply", "--namespace", namespace]);
  for (const kind of ["clusterroles", "clusterrolebindings"]) {
    for (const role of ["controller", "server"]) {
      const at = `/apis/rbac.authorization.k8s.io/v1/${kind}/mooring-${role}-${namespace}`;
      cleanUp.defer(async () => void (await callApi(access, { method: "DELETE", path: at })));
    }
  }
  const log: string[] = [];
  const start = async (role: string, until: RegExp, ...more: readonly string[]) => {
    const token = await tokenOf(role, namespace);
    tokens[role] = token;
    const kubeconfig = path.join(directory, `${role}.kubeconfig`);
    await writeFile(kubeconfig, formatKubeconfig({ ...access, token }, { token }), { mode: 0o600 });
    const common = [
      "--kubeconfig",
      kubeconfig,
      "--namespace",
      namespace,
      "--data",
      path.join(directory, role),
    ];
    const running = await startRole([role, ...common, ...more], { until, log });
    cleanUp.defer(() => running.kill());
    return running.said;
  };
  await start("controller", / leading /u, "--identity", "rights");
  const said = await start(
    "server",
    /^The server listens on /u,
    "--insecure",
    "--address",
    "127.0.0.1",
    "--port",
    "0",
  );
  address = /http:\/\/(\S+)\.$/u.exec(said)?.[1] ?? "";
  const { stdout } = await run(program, [...admin, "-n", namespace, "admin", "initial-password"]);
  const password = stdout.split("\n", 1)[0] ?? "";
  session = viewString(await ask("POST session", { username: "admin", password }), "token") ?? "";
  const repository = await createRepository(path.join(directory, "shop.git"));
  await repository.commit({
    "web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {level: info}\n",
  });
  await ask("POST applications", {
    metadata: { name: "web" },
    spec: {
      project: "default",
      source: { repoURL: repository.url, path: "." },
      destination: { server: "https://kubernetes.default.svc", namespace: target },
      syncPolicy: { automated: { selfHeal: true } },
    },
  });
}, 120_000);

afterAll(() => cleanUp.disposeAsync());

const elsewhere = {
  project: "default",
  source: { repoURL: "https://example.com/shop.git", path: "." },
  destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
};

describe("the accounts of an installation", () => {
  it("have the rights to sync, to show, to change and to delete", async () => {
    await eventually(
      async () => {
        const app = await ask("GET applications/web");
        expect(viewString(app, "status", "sync", "status")).toBe("Synced");
      },
      { timeoutMs: 60_000 },
    );
    const tree = await ask("GET applications/web/resource-tree");
    expect(viewArray(tree, "nodes").map((node) => viewString(node, "name"))).toEqual(["web"]);
    const object = `resourceName=web&namespace=${target}&kind=ConfigMap&version=v1`;
    const shown = await ask(`GET applications/web/resource?${object}`);
    expect(viewString(shown, "manifest")).toContain('"level":"info"');
    await ask(`DELETE applications/web/resource?${object}`);
    await ask("GET applications/web/events");
    await ask("DELETE applications/web?cascade=true");
    await eventually(
      async () => {
        const { items } = await ask("GET applications");
        expect(items ?? []).toEqual([]);
      },
      { timeoutMs: 60_000 },
    );
  });

  it("have no more: the server creates nothing elsewhere but Applications, and has no pod's shell", async () => {
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } };
    const at = `/api/v1/namespaces/${target}`;
    expect(await statusAs("server", { method: "POST", path: `${at}/configmaps`, body })).toBe(403);
    expect(await statusAs("server", { method: "POST", path: `${at}/pods/x/exec?command=sh` })).toBe(403);
    expect(await statusAs("server", { method: "GET", path: `${at}/configmaps` })).toBe(200);
    expect(await statusAs("controller", { method: "POST", path: `${at}/configmaps`, body })).toBe(200);
    const argo = "argoproj.io/v1alpha1";
    const app = { apiVersion: argo, kind: "Application", metadata: { name: "x" }, spec: elsewhere };
    const applications = `/apis/${argo}/namespaces/${target}/applications`;
    expect(await statusAs("server", { method: "POST", path: applications, body: app })).toBe(200);
    expect(await statusAs("server", { method: "DELETE", path: `${applications}/x` })).toBe(200);
  });

  it("are enough for the server of an installation that may look at its own namespace alone", async () => {
    const access = controlPlane();
    await using own = await createNamespace(access, "rights-own");
    const admin = ["--kubeconfig", access.kubeconfigPath];
    await run(program, [...admin, "install", "--apply", "--namespaced", "--namespace", own.name]);
    const directory = await mkdtemp(path.join(tmpdir(), "mooring-rights-own-"));
    const kubeconfig = path.join(directory, "kubeconfig");
    const token = await tokenOf("server", own.name);
    await writeFile(kubeconfig, formatKubeconfig({ ...access, token }, { token }), { mode: 0o600 });
    const served = ["--insecure", "--address", "127.0.0.1", "--port", "0", "--data", directory];
    const args = ["server", "--kubeconfig", kubeconfig, "--namespace", own.name, ...served];
    const server = await startRole(args, { until: /^The server listens on /u, log: [] });
    const [, url = ""] = /(http:\/\/\S+)\.$/u.exec(server.said) ?? [];
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await server.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
});
