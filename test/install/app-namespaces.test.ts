import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import { startRole } from "#test/api/apart.ts";
import type { InstallCluster } from "./embedded-installation.ts";
import { startInstallCluster } from "./embedded-installation.ts";

const { signal } = new AbortController();
const namespace = "gitops";
const cleanUp = new AsyncDisposableStack();
let cluster: InstallCluster;
let url = "";
let session = "";

async function ask(line: string, body?: JsonObject): Promise<{ status: number; body: JsonObject }> {
  const [method = "", at = ""] = line.split(" ");
  const response = await fetch(`${url}/api/v1/${at}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(session === "" ? {} : { authorization: `Bearer ${session}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

/** Installs for all of the cluster, and runs the server with the rights of its account and no other. */
beforeAll(async () => {
  cluster = cleanUp.use(await startInstallCluster());
  await cluster.mooring("install", "--apply", "--namespace", namespace);
  await cluster.mooring("proj", "create", "shared", "-n", namespace, "-d", "*,*", "-s", "*");
  await cluster.admin.mergePatch(
    { type: hubTypes.project, namespace, name: "shared" },
    { spec: { sourceNamespaces: ["team-*"] } },
    { fieldManager: "test", signal },
  );
  const served = ["--insecure", "--address", "127.0.0.1", "--port", "0"];
  const where = ["--namespace", namespace, "--application-namespaces", "team-*"];
  const files = [
    "--kubeconfig",
    await cluster.kubeconfigAs("server", namespace),
    "--data",
    path.join(cluster.directory, "server"),
  ];
  const server = await startRole(["server", ...served, ...where, ...files], {
    until: /^The server listens on /u,
    log: [],
  });
  cleanUp.defer(() => server.kill());
  url = /(http:\/\/\S+)\.$/u.exec(server.said)?.[1] ?? "";
  const password = (await cluster.mooring("-n", namespace, "admin", "initial-password")).split("\n", 1)[0];
  const { body } = await ask("POST session", { username: "admin", password: password ?? "" });
  session = viewString(body, "token") ?? "";
});

afterAll(() => cleanUp.disposeAsync());

const spec = {
  project: "shared",
  source: { repoURL: "https://example.com/shop.git", path: "." },
  destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
};

function read(type: typeof hubTypes.application | typeof hubTypes.applicationSet, name: string) {
  return cluster.admin.read({ type, namespace: "team-a", name }, signal);
}

async function createNamespace(): Promise<void> {
  const type = { ...hubTypes.configMap, kind: "Namespace", plural: "namespaces", namespaced: false };
  const object: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "team-a" } };
  await cluster.admin.create(type, object, { fieldManager: "test", signal });
}

describe("the server of an installation for all of the cluster", () => {
  it("creates, changes and deletes Applications and ApplicationSets in the namespaces that it was told of", async () => {
    await createNamespace();
    const metadata = { name: "web", namespace: "team-a" };
    const created = await ask("POST applications", { metadata, spec });
    expect(created).toMatchObject({ status: 200, body: { metadata } });
    const source = { ...spec.source, path: "other" };
    const changed = await ask("PUT applications/web/spec?appNamespace=team-a", { ...spec, source });
    expect(changed.status).toBe(200);
    expect(await read(hubTypes.application, "web")).toMatchObject({ spec: { source: { path: "other" } } });
    const deleted = await ask("DELETE applications/web?appNamespace=team-a&cascade=false");
    expect(deleted.status).toBe(200);
    expect(await read(hubTypes.application, "web")).toBeUndefined();

    const set = {
      metadata: { name: "shops", namespace: "team-a" },
      spec: {
        generators: [{ list: { elements: [{ name: "one" }] } }],
        template: { metadata: { name: "shop-{{name}}" }, spec },
      },
    };
    const createdSet = await ask("POST applicationsets", set);
    expect(createdSet).toMatchObject({ status: 200, body: { metadata: set.metadata } });
    expect(await read(hubTypes.applicationSet, "shops")).toBeDefined();
  });
});
