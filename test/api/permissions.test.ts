import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { KubeCluster } from "#kube/index.ts";
import { readKubeconfig, startCluster } from "#kube/index.ts";
import { createRepository } from "#test/git-servers/repository.ts";
import type { TestRepository } from "#test/git-servers/repository.ts";
import type { RunningServer } from "./running-server.ts";
import { startServer } from "./running-server.ts";

const inCluster = "https://kubernetes.default.svc";
const password = Buffer.from("hunter2").toString("base64");
const { signal } = new AbortController();

/** `dev` does with applications of project `mine` what takes neither a sync nor an override; `reader` sees everything. */
const policy = `
g, reader, role:readonly
p, dev, applications, get, mine/*, allow
p, dev, applications, create, mine/*, allow
p, dev, applications, update, mine/*, allow
p, dev, applications, update/*, mine/*, allow
p, dev, applications, delete/*, mine/*, allow
p, dev, projects, get, mine, allow
p, dev, projects, update, mine, allow
p, dev, clusters, create, mine/*, allow
p, dev, clusters, update, mine/*, allow
p, syncer, applications, *, mine/*, allow
p, syncer, applications, override, mine/*, deny
`;

let server: RunningServer;
let cluster: KubeCluster;
let repository: TestRepository;
const tokens: Record<string, string> = {};

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Asks as an account; what is sent is JSON unless it is text. */
async function ask(who: string, line: string, sent?: JsonObject | string): Promise<Answer> {
  const [method = "", path = ""] = line.split(" ");
  const response = await fetch(`http://${server.address}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[who] ?? ""}`,
      ...(sent === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(sent === undefined ? {} : { body: typeof sent === "string" ? sent : JSON.stringify(sent) }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function ok(who: string, line: string, sent?: JsonObject | string): Promise<JsonObject> {
  const { status, body } = await ask(who, line, sent);
  if (status !== 200) throw new Error(`${who} ${line}: ${status} ${JSON.stringify(body)}`);
  return body;
}

function application(name: string, project: string, more: JsonObject = {}): JsonObject {
  const source = { repoURL: repository.url, path: "web", targetRevision: "main" };
  const destination = { server: inCluster, namespace: `${project}-${name}` };
  const syncPolicy = { syncOptions: ["CreateNamespace=true"] };
  return { metadata: { name }, spec: { project, source, destination, syncPolicy }, ...more };
}

async function readApplication(name: string): Promise<JsonObject> {
  const ref = { type: hubTypes.application, namespace: "argocd", name };
  return (await cluster.read(ref, signal)) as unknown as JsonObject;
}

async function configure(): Promise<void> {
  const options = { fieldManager: "test", signal };
  const configMap = (name: string) => ({ type: hubTypes.configMap, namespace: "argocd", name });
  const names = ["dev", "reader", "syncer"];
  const accounts = Object.fromEntries(names.map((name) => [`accounts.${name}`, "apiKey"]));
  const setting = "application.sync.requireOverridePrivilegeForRevisionSync";
  await cluster.mergePatch(configMap("argocd-cm"), { data: { ...accounts, [setting]: "true" } }, options);
  await cluster.mergePatch(configMap("argocd-rbac-cm"), { data: { "policy.csv": policy } }, options);
  for (const name of names) {
    // The server hears of accounts by a watch.
    const made = await vi.waitFor(() => ok("admin", `POST /api/v1/account/${name}/token`, { name }));
    tokens[name] = viewString(made, "token") ?? "";
  }
}

beforeAll(async () => {
  server = await startServer();
  const { connection } = await readKubeconfig({ path: server.kubeconfig });
  cluster = startCluster(connection);
  repository = await createRepository(join(server.directory, "shop.git"));
  await repository.commit({
    "web/all.yaml":
      "apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {password: hunter2}\n",
  });
  const login = { username: "admin", password: server.password };
  tokens["admin"] = viewString(await ok("admin", "POST /api/v1/session", login), "token") ?? "";
  await configure();
  const own = { sourceRepos: [repository.url], destinations: [{ server: inCluster, namespace: "mine-*" }] };
  const all = { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] };
  await ok("admin", "POST /api/v1/projects", { project: { metadata: { name: "mine" }, spec: own } });
  await ok("admin", "POST /api/v1/projects", { project: { metadata: { name: "other" }, spec: all } });
  await ok("admin", "POST /api/v1/applications", application("hidden", "other"));
  await ok("admin", "POST /api/v1/applications", application("web", "mine"));
  await ok("admin", "POST /api/v1/applications/web/sync", {});
  await vi.waitFor(
    async () => {
      const { status } = await readApplication("web");
      expect(status).toMatchObject({ operationState: { phase: "Succeeded" }, sync: { status: "Synced" } });
    },
    { timeout: 50_000, interval: 100 },
  );
});

afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe("somebody with rights in one project", { timeout: 60_000 }, () => {
  // Class: authorisation.
  it("does not sync by creating an application with an operation", async () => {
    const operation = { sync: { manifests: ['{"apiVersion":"v1","kind":"ConfigMap"}'] } };
    await ok("dev", "POST /api/v1/applications", application("operated", "mine", { operation }));
    const { operation: begun, status } = await readApplication("operated");
    expect(begun).toBeUndefined();
    expect((status as JsonObject | undefined)?.["operationState"]).toBeUndefined();
  });

  it("does not sync another revision without the right to override, where the settings ask for it", async () => {
    expect(await ask("syncer", "POST /api/v1/applications/web/sync", { revision: "evil" })).toMatchObject({
      status: 403,
      body: { message: expect.stringContaining("applications, override, mine/web") },
    });
    expect((await ask("syncer", "POST /api/v1/applications/web/sync", { revision: "main" })).status).toBe(
      200,
    );
  });

  // Class: authorisation.
  it("does not change or delete an application as one of its own objects", async () => {
    const itself = "group=argoproj.io&kind=Application&version=v1alpha1&namespace=argocd&resourceName=web";
    const patch = JSON.stringify(JSON.stringify({ spec: { project: "other" } }));
    const path = `/api/v1/applications/web/resource?${itself}`;
    expect((await ask("dev", `POST ${path}&patchType=merge`, patch)).status).toBe(404);
    expect((await ask("dev", `DELETE ${path}`)).status).toBe(404);
    expect((await ask("dev", `GET ${path}`)).status).toBe(404);
    expect(await ok("dev", `GET /api/v1/applications/web/resource/actions?${itself}`)).toHaveProperty(
      "actions",
    );
    expect(await readApplication("web")).toMatchObject({ spec: { project: "mine" } });
  });

  // Class: secrets told.
  it("learns nothing of a Secret by copying, moving or testing its fields", async () => {
    const path =
      "/api/v1/applications/web/resource?kind=Secret&version=v1&namespace=mine-web&resourceName=token";
    for (const operation of [
      { op: "copy", from: "/data/password", path: "/metadata/annotations/shown" },
      { op: "move", from: "/data", path: "/metadata/annotations" },
      { op: "test", path: "/data/password", value: password },
    ]) {
      const { status, body } = await ask(
        "dev",
        `POST ${path}&patchType=application/json-patch%2Bjson`,
        JSON.stringify(JSON.stringify([operation])),
      );
      expect({ status, message: body["message"] }).toEqual({
        status: 400,
        message: `patch[0]: ${operation.op} reads a field whose value is hidden; use add, replace or remove`,
      });
    }
    expect(JSON.stringify(await ok("dev", `GET ${path}`))).not.toContain(password);
  });

  it("learns nothing of manifests of an operation by copying them into the spec", async () => {
    const patch = JSON.stringify([{ op: "copy", from: "/status", path: "/spec/source/helm" }]);
    const sent = { name: "web", patchType: "json", patch };
    expect(await ask("dev", "PATCH /api/v1/applications/web", sent)).toMatchObject({ status: 400 });
    const own = JSON.stringify([{ op: "test", path: "/spec/project", value: "mine" }]);
    expect((await ask("dev", "PATCH /api/v1/applications/web", { ...sent, patch: own })).status).toBe(200);
  });

  it("is told the same of an application elsewhere as of one that does not exist", async () => {
    const told = async (name: string) => {
      const { status, body } = await ask("dev", `GET /api/v1/applications/${name}`);
      return { status, message: (viewString(body, "message") ?? "").replaceAll(name, "NAME") };
    };
    expect(await told("hidden")).toEqual(await told("nothing"));
    const upsert = await ask("dev", "POST /api/v1/applications?upsert=true", application("hidden", "mine"));
    expect(upsert.status).toBe(403);
    expect(JSON.stringify(upsert.body)).not.toContain("other");
  });

  it("does not go where the project forbids it by asking for no validation", async () => {
    const { spec } = application("web", "mine");
    const moved = { ...(spec as JsonObject), destination: { server: inCluster, namespace: "kube-system" } };
    expect(await ask("dev", "PUT /api/v1/applications/web/spec?validate=false", moved)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("is not permitted in project") },
    });
  });

  // Class: authorisation.
  it("does not widen the project that they may update", async () => {
    const project = await ok("admin", "GET /api/v1/projects/mine");
    const spec = project["spec"] as JsonObject;
    const change = (more: JsonObject) =>
      ask("dev", "PUT /api/v1/projects/mine", { project: { ...project, spec: { ...spec, ...more } } });
    const denied = (message: string) => ({
      status: 403,
      body: { message: expect.stringContaining(`permission denied: ${message}, sub: dev`) },
    });
    expect(await change({ destinations: [{ server: "*", namespace: "*" }] })).toMatchObject(
      denied("clusters, update, *"),
    );
    expect(await change({ sourceRepos: ["*"] })).toMatchObject(denied("repositories, update, *"));
    expect(await change({ clusterResourceWhitelist: [{ group: "*", kind: "*" }] })).toMatchObject(
      denied(`clusters, update, ${inCluster}`),
    );
    expect((await change({ description: "ours" })).status).toBe(200);
  });

  it("neither runs a program for a cluster nor takes the place of the control plane's own", async () => {
    const create = (more: JsonObject) =>
      ask("dev", "POST /api/v1/clusters", {
        server: "https://127.0.0.1:1",
        name: "c",
        project: "mine",
        ...more,
      });
    const execProviderConfig = {
      command: "touch",
      args: ["/nowhere/x"],
      apiVersion: "client.authentication.k8s.io/v1",
    };
    expect((await create({ config: { execProviderConfig } })).status).toBe(403);
    expect((await create({ server: inCluster, config: {} })).status).toBe(403);
    const config = { bearerToken: "t", tlsClientConfig: { insecure: true } };
    expect((await create({ config })).status).toBe(200);
    expect(
      (
        await ask("dev", "PUT /api/v1/clusters/https%3A%2F%2F127.0.0.1%3A1", {
          config: { execProviderConfig },
        })
      ).status,
    ).toBe(403);
  });

  it("is told only the name of an application that goes where they see nothing", async () => {
    await ok("admin", "POST /api/v1/applications", application("leaving", "mine"));
    const stop = new AbortController();
    const response = await fetch(`http://${server.address}/api/v1/stream/applications?name=leaving`, {
      headers: { authorization: `Bearer ${tokens["dev"] ?? ""}` },
      signal: stop.signal,
    });
    let told = "";
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const isFirst = told === "";
      told += text;
      if (isFirst)
        await ok(
          "admin",
          "PUT /api/v1/applications/leaving/spec",
          application("leaving", "other")["spec"] as JsonObject,
        );
      if (told.includes("DELETED")) break;
    }
    stop.abort();
    const last = JSON.parse(told.trim().split("\n").at(-1) ?? "") as JsonObject;
    expect(last).toMatchObject({
      result: { type: "DELETED", application: { metadata: { name: "leaving" }, spec: {} } },
    });
    expect(told).not.toContain('"project":"other"');
  });
});

describe("a session that was ended", { timeout: 60_000 }, () => {
  // Class: sessions that have ended.
  it("is told nothing more by a stream that it opened before", async () => {
    const login = { username: "admin", password: server.password };
    tokens["leaver"] = viewString(await ok("leaver", "POST /api/v1/session", login), "token") ?? "";
    await ok("admin", "POST /api/v1/applications", application("watched", "mine"));
    const response = await fetch(`http://${server.address}/api/v1/stream/applications?name=watched`, {
      headers: { authorization: `Bearer ${tokens["leaver"] ?? ""}` },
    });
    let told = "";
    const read = (async () => {
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) told += text;
      return "ended";
    })();
    await vi.waitFor(() => expect(told).toContain("ADDED"));
    await ok("leaver", "DELETE /api/v1/session");
    let changes = 0;
    await vi.waitFor(
      async () => {
        const patch = JSON.stringify({ metadata: { labels: { changes: String((changes += 1)) } } });
        await ok("admin", "PATCH /api/v1/applications/watched", { patch, patchType: "merge" });
        expect(told).toContain("the session was ended");
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(await read).toBe("ended");
  });
});

describe("a request that no client would send", { timeout: 60_000 }, () => {
  // Class: requests that are too much.
  it("is refused when its JSON is nested so deeply that reading it would end the stack", async () => {
    const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
    expect((await ask("dev", "POST /api/v1/applications", deep)).status).toBe(400);
    const sent = { name: "web", patchType: "merge", patch: deep };
    expect((await ask("dev", "PATCH /api/v1/applications/web", sent)).status).toBe(400);
  });

  it("is told that nothing is at an address which is none", async () => {
    expect((await ask("dev", "GET //")).status).toBe(404);
    const escaped = "GET /api/v1/clusters/%25zz?id.type=name_escaped";
    expect((await ask("admin", escaped)).status).toBe(400);
  });
});

describe("several clients at once", { timeout: 60_000 }, () => {
  it("may create the same application", async () => {
    const create = () => ask("admin", "POST /api/v1/applications", application("twice", "mine"));
    const answers = await Promise.all(Array.from({ length: 6 }, create));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});
