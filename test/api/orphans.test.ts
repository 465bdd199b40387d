import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { installObject } from "#engine/install-object.ts";
import { systemClock } from "#runtime/clock.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { RunningUp } from "./fixture.ts";
import { startUp } from "./fixture.ts";
import { openHome } from "./run-cli.ts";

let up: RunningUp;

beforeAll(async () => {
  up = await startUp();
  await up.repository.commit({ "all.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ours}\n" });
  await createProject("tidy", "*", { warn: false, ignore: [{ kind: "ConfigMap", name: "ignored-*" }] });
  await up.deploy("web", { project: "tidy" });
  await up.deploy("plain", { destination: inNamespace("web"), source: sourceAt("none") });
  for (const name of ["left", "ignored-1"]) await install({ kind: "ConfigMap", metadata: { name } });
  await install({ kind: "Secret", metadata: { name: "login" } });
  await install({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cache" },
    spec: {
      selector: { matchLabels: { app: "cache" } },
      template: {
        metadata: { labels: { app: "cache" } },
        spec: { containers: [{ name: "cache", image: "cache:1" }] },
      },
    },
  });
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

const inNamespace = (namespace: string) => ({ server: "https://kubernetes.default.svc", namespace });
const sourceAt = (path: string) => ({
  repoURL: up.repository.url,
  path: ".",
  targetRevision: "main",
  directory: { include: path },
});

async function createProject(name: string, namespace: string, orphanedResources: JsonObject): Promise<void> {
  const destinations = [{ server: "*", namespace }];
  const spec = { sourceRepos: ["*"], destinations, orphanedResources };
  const { status } = await up.admin.send("POST", "projects", { project: { metadata: { name }, spec } });
  expect(status).toBe(200);
}

async function install(object: JsonObject): Promise<void> {
  const { metadata } = object as unknown as KubeObject;
  const placed = { apiVersion: "v1", ...object, metadata: { ...metadata, namespace: "web" } } as KubeObject;
  await installObject(up.cluster, placed, { clock: systemClock, fieldManager: "test", signal: up.signal });
}

async function treeOf(app: string, part: "nodes" | "orphanedNodes"): Promise<readonly string[]> {
  const { body } = await up.admin.get(`applications/${app}/resource-tree`);
  return (viewArray(body, part) as readonly JsonObject[]).map(
    (node) =>
      `${viewString(node, "kind") ?? ""}/${(viewString(node, "name") ?? "").replaceAll(/-[0-9a-z-]{5,}$/gu, "")}`,
  );
}

const resource = (kind: string, name: string): string =>
  `applications/web/resource?kind=${kind}&resourceName=${name}&version=v1&namespace=web`;

it("what nobody manages is in the tree with what it owns, where the project watches for it without warning", async () => {
  const orphans = ["ConfigMap/left", "Deployment/cache", "Pod/cache", "ReplicaSet/cache", "Secret/login"];
  await eventually(async () => {
    expect((await treeOf("web", "orphanedNodes")).toSorted()).toEqual(orphans);
  });
  expect(await treeOf("web", "nodes")).not.toContain("ConfigMap/left");
  const { body } = await up.admin.get("applications/web");
  expect(JSON.stringify(body)).not.toContain("OrphanedResourceWarning");
});

it("what nobody manages is in no tree of an application whose project does not watch for it", async () => {
  expect(await treeOf("plain", "orphanedNodes")).toEqual([]);
});

it("an application that may not be in a namespace shows nothing of what is there", async () => {
  await createProject("narrow", "elsewhere", {});
  const spec = { project: "narrow", source: sourceAt("none"), destination: inNamespace("web") };
  const thief = { kind: "Application", metadata: { name: "thief", namespace: "argocd" }, spec };
  const apiVersion = "argoproj.io/v1alpha1";
  const options = { clock: systemClock, fieldManager: "test", signal: up.signal };
  await installObject(up.cluster, { ...thief, apiVersion }, options);
  await eventually(async () => {
    const { body } = await up.admin.get("applications/thief");
    expect(JSON.stringify(viewArray(body, "status", "conditions"))).toContain("InvalidSpecError");
  });
  const { status, body } = await up.admin.get("applications/thief/resource-tree");
  expect([status, JSON.stringify(body)]).toEqual([
    400,
    expect.stringContaining("is not permitted in project"),
  ]);
  expect((await up.admin.get(resource("Secret", "login").replace("web", "thief"))).status).toBe(400);
});

it("mooring app resources shows what nobody manages as trees of their own", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "mooring-orphans-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const { host } = new URL(up.url);
  const access = ["--server", host, "--plaintext", "--auth-token", up.admin.token];
  const cli = openHome(home);
  const { out, err } = await cli.run("app", "resources", "web", "--orphaned", "-o", "tree", ...access);
  const lines = out
    .split("\n")
    .map((line) => line.replaceAll(/ +/gu, " ").replaceAll(/-[0-9a-z-]{5,}/gu, ""));
  expect([err, lines]).toEqual([
    "",
    [
      "KIND/NAME STATUS HEALTH MESSAGE",
      "ConfigMap/left Orphaned",
      "Secret/login Orphaned",
      expect.stringMatching(/^Deployment\/cache Orphaned (?:Healthy|Progressing)/u),
      expect.stringMatching(/^└─ReplicaSet\/cache/u),
      expect.stringMatching(/^ └─Pod\/cache/u),
      "",
    ],
  ]);
});

it("what nobody manages is read, with its events and logs, and deleted as any other object of the tree", async () => {
  const { body } = await up.admin.get(resource("ConfigMap", "left"));
  expect(JSON.parse(viewString(body, "manifest") ?? "null")).toMatchObject({ metadata: { name: "left" } });
  const events = await up.admin.get(
    "applications/web/events?resourceName=left&resourceNamespace=web&resourceUID=",
  );
  expect(events.status).toBe(200);
  const logs = await fetch(
    `${up.url}/api/v1/applications/web/logs?kind=Deployment&group=apps&resourceName=cache&namespace=web`,
    { headers: up.admin.headers },
  );
  expect([logs.status, await logs.text()]).toEqual([200, expect.stringContaining('"last":true')]);
  expect((await up.admin.get(resource("ConfigMap", "ignored-1"))).status).toBe(404);
  const deleted = await fetch(`${up.url}/api/v1/${resource("ConfigMap", "left")}`, {
    method: "DELETE",
    headers: up.admin.headers,
  });
  expect(deleted.status).toBe(200);
  await eventually(async () => {
    expect(await treeOf("web", "orphanedNodes")).not.toContain("ConfigMap/left");
  });
});
