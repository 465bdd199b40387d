import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createHmac } from "node:crypto";
import { expect, it, onTestFinished, vi } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { viewObject, viewString } from "#core/object/index.ts";

import { newsName } from "#core/webhook/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { TestRepository } from "../git-servers/repository.ts";
import { startGitHttpServer } from "../git-servers/http-server.ts";
import { createRepository } from "../git-servers/repository.ts";
import { publishArtifact } from "../registry-servers/artifact.ts";
import { startWebServer } from "../registry-servers/web-server.ts";
import type { RunningApi } from "./start-api.ts";
import { startApi } from "./start-api.ts";

const secret = "hook-secret";
const { signal } = new AbortController();

async function makeRepository(): Promise<TestRepository> {
  const directory = await mkdtemp(path.join(tmpdir(), "mooring-webhook-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return createRepository(path.join(directory, "shop.git"));
}

/** An embedded control plane that asks repositories on its own as good as never. */
async function start(objects: readonly KubeObject[]): Promise<RunningApi> {
  const api = await startApi([
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "argocd-cm",
        namespace: "argocd",
        labels: { "app.kubernetes.io/part-of": "argocd" },
      },
      data: { "timeout.reconciliation": "0s" },
    },
    ...objects,
  ]);
  const ref = { type: hubTypes.secret, namespace: "argocd", name: "argocd-secret" };
  const data = { "webhook.github.secret": Buffer.from(secret).toString("base64") };
  await api.hub.mergePatch(ref, { data }, { fieldManager: "test", signal });
  return api;
}

function application(
  name: string,
  repoURL: string,
  { path: directory = ".", targetRevision = "main" } = {},
): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd" },
    spec: {
      project: "default",
      source: { repoURL, path: directory, targetRevision },
      destination: { server: "https://kubernetes.default.svc", namespace: "default" },
      syncPolicy: { automated: {} },
    },
  };
}

const configMap = (name: string, level: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {level: ${level}}\n`;

interface Push {
  readonly url: string;
  readonly ref?: string;
  readonly key?: string;
}

async function push(api: RunningApi, { url, ref = "refs/heads/main", key = secret }: Push): Promise<number> {
  const body = JSON.stringify({ ref, repository: { clone_url: url, default_branch: "main" } });
  const response = await fetch(`${api.baseUrl}/api/webhook`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-hub-signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}`,
    },
    body,
  });
  await response.text();
  return response.status;
}

const read = (api: RunningApi, name: string) =>
  api.hub.read({ type: hubTypes.application, namespace: "argocd", name }, signal);

const readConfigMap = (api: RunningApi, namespace: string, name: string) =>
  api.hub.read({ type: hubTypes.configMap, namespace, name }, signal);

const readNews = (api: RunningApi) => readConfigMap(api, "argocd", newsName);

async function levelOf(api: RunningApi, name: string): Promise<string | undefined> {
  return viewString(await readConfigMap(api, "default", name), "data", "level");
}

async function deployed(api: RunningApi, name: string, revision: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const app = await read(api, name);
      expect(viewObject(app, "status", "sync")).toMatchObject({ status: "Synced", revision });
    },
    { timeout: 60_000, interval: 50 },
  );
}

it("applies a commit that a webhook tells of, though nobody asks the repository otherwise", async () => {
  const repository = await makeRepository();
  const first = await repository.commit({ "a.yaml": configMap("a", "info") });
  await using api = await start([application("web", repository.url)]);
  await deployed(api, "web", first);
  const second = await repository.commit({ "a.yaml": configMap("a", "debug") });
  // The server hears of the secret by its watch.
  await vi.waitFor(async () => expect(await push(api, { url: repository.url, key: "wrong" })).toBe(401), {
    timeout: 30_000,
  });
  expect(await push(api, { url: repository.url, ref: "refs/heads/other" })).toBe(200);
  expect(await readNews(api)).toBeUndefined();
  expect(await push(api, { url: repository.url })).toBe(200);
  await deployed(api, "web", second);
  expect(await levelOf(api, "a")).toBe("debug");
  expect(Object.keys(viewObject(await readNews(api), "data"))).toHaveLength(1);
  expect(api.bugs.filter((line) => line.includes("bug"))).toEqual([]);
});

it("applies a commit though another application follows a revision as long as a ConfigMap may be", async () => {
  const repository = await makeRepository();
  const first = await repository.commit({ "a.yaml": configMap("a", "info") });
  const targetRevision = `main${" ".repeat(1_100_000)}`;
  await using api = await start([
    application("huge", repository.url, { targetRevision }),
    application("web", repository.url),
  ]);
  await deployed(api, "web", first);
  const second = await repository.commit({ "a.yaml": configMap("a", "debug") });
  await vi.waitFor(async () => expect(await push(api, { url: repository.url })).toBe(200), 30_000);
  await deployed(api, "web", second);
  expect(Object.keys(viewObject(await readNews(api), "data"))).toHaveLength(1);
});

it("asks a repository once for all applications that follow it, and writes once to have them looked at", async () => {
  const repository = await makeRepository();
  const server = await startGitHttpServer({ root: path.dirname(repository.directory) });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const names = Array.from({ length: 12 }, (_, i) => `app-${i}`);
  const files = Object.fromEntries(names.map((name) => [`${name}/a.yaml`, configMap(name, "info")]));
  const first = await repository.commit(files);
  const repoURL = `${server.url}/shop.git`;
  await using api = await start(names.map((name) => application(name, repoURL, { path: name })));
  for (const name of names) await deployed(api, name, first);
  const listings = () => server.requests.filter((request) => request.path.includes("/info/refs")).length;
  const before = { listings: listings(), untouched: await read(api, "app-5") };
  const second = await repository.change({ "app-7/a.yaml": configMap("app-7", "debug") });
  // As an address of SSH: it is the same repository.
  expect(await push(api, { url: "ssh://git@127.0.0.1:22/shop" })).toBe(200);
  await vi.waitFor(async () => expect(await levelOf(api, "app-7")).toBe("debug"), { timeout: 60_000 });
  for (const name of names) await deployed(api, name, second);
  // One question for all, one connection to fetch what it found; the one that was deployed asks again after its operation.
  expect(listings() - before.listings).toBeLessThan(names.length / 2);
  const after = await read(api, "app-5");
  expect(viewObject(after, "metadata", "annotations")).toEqual(
    viewObject(before.untouched, "metadata", "annotations"),
  );
  expect(viewObject(after, "status", "operationState")).toEqual(
    viewObject(before.untouched, "status", "operationState"),
  );
  expect(Object.keys(viewObject(await readNews(api), "data"))).toHaveLength(1);
});

it("writes a few times for many webhooks at the same time", async () => {
  const repository = await makeRepository();
  const first = await repository.commit({ "a.yaml": configMap("a", "info") });
  await using api = await start([application("web", repository.url)]);
  await deployed(api, "web", first);
  const watching = new AbortController();
  const versions: string[] = [];
  const options = {
    namespace: "argocd",
    fieldSelector: `metadata.name=${newsName}`,
    signal: watching.signal,
  };
  const isSynced = Promise.withResolvers<void>();
  const watched = (async () => {
    for await (const event of api.hub.watch(hubTypes.configMap, options)) {
      if (event.type === "synced") isSynced.resolve();
      if (event.type === "applied") versions.push(event.object.metadata.resourceVersion ?? "");
    }
  })();
  await isSynced.promise;
  const second = await repository.commit({ "a.yaml": configMap("a", "debug") });
  const many = Array.from({ length: 80 }, () => push(api, { url: repository.url }));
  expect(new Set(await Promise.all(many))).toEqual(new Set([200]));
  await deployed(api, "web", second);
  watching.abort();
  await watched.catch((error: unknown) => expect(error).toMatchObject({ name: "AbortError" }));
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.length).toBeLessThan(40);
});

it("applies what is pushed to a registry under the tag that an application follows", async () => {
  const server = await startWebServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const publish = (level: string): string =>
    publishArtifact(server, {
      path: "team/web",
      tag: "stable",
      files: [{ path: "a.yaml", content: configMap("a", level) }],
    });
  const repository = `127.0.0.1:${server.port}/team/web`;
  const url = `oci://${repository}`;
  const labels = { "argocd.argoproj.io/secret-type": "repository" };
  const first = publish("info");
  await using api = await start([
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "artifacts", namespace: "argocd", labels },
      stringData: { type: "oci", url, insecureOCIForceHttp: "true" },
    },
    application("web", url, { targetRevision: "stable" }),
  ]);
  await deployed(api, "web", first);
  const second = publish("debug");
  const resources = [{ digest: second, tag: "stable", resource_url: `${repository}:stable` }];
  const response = await fetch(`${api.baseUrl}/api/webhook?from=harbor`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "PUSH_ARTIFACT", event_data: { resources } }),
  });
  expect(response.status).toBe(200);
  await deployed(api, "web", second);
  expect(await levelOf(api, "a")).toBe("debug");
});

it("has an ImageAutomation look at once when a registry tells of its image, and no other", async () => {
  const automation = (name: string, image: string): KubeObject => ({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "ImageAutomation",
    metadata: { name, namespace: "argocd" },
    spec: { suspend: true, git: { repoURL: "https://git.example.com/shop.git" }, images: [{ image }] },
  });
  await using api = await start([
    automation("web", "harbor.example.com/acme/web"),
    automation("api", "harbor.example.com/acme/api"),
  ]);
  const resources = [{ digest: "sha256:1", tag: "v2", resource_url: "harbor.example.com/acme/web:v2" }];
  const response = await fetch(`${api.baseUrl}/api/webhook?from=harbor`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "PUSH_ARTIFACT", event_data: { resources } }),
  });
  expect(response.status).toBe(200);
  const scanOf = async (name: string) => {
    const ref = { type: hubTypes.imageAutomation, namespace: "argocd", name };
    return (await api.hub.read(ref, signal))?.metadata.annotations?.["mooring.dev/scan"];
  };
  await vi.waitFor(async () => expect(await scanOf("web")).toMatch(/^webhook /u), { timeout: 30_000 });
  expect(await scanOf("api")).toBeUndefined();
});
