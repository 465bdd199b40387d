import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { eventually } from "../control-plane/eventually.ts";
import type { RunningApart } from "./apart.ts";
import { startApart } from "./apart.ts";
import type { RunningUp } from "./fixture.ts";
import { useServer } from "./fixture.ts";

const configMap = (name: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {level: info}
---
`;

const secret = `apiVersion: v1
kind: Secret
metadata: {name: login}
stringData: {password: hunter2}
---
`;

let apart: RunningApart;
let up: RunningUp;

beforeAll(async () => {
  apart = await startApart();
  up = await useServer(apart);
  await up.repository.commit({
    "web/app.yaml": configMap("one") + secret,
    "shop/app.yaml": configMap("one"),
  });
}, 60_000);

afterAll(async () => up[Symbol.asyncDispose]());

const sourceAt = (path: string) => ({
  source: { repoURL: up.repository.url, path, targetRevision: "main" },
});

const namesOf = (objects: readonly unknown[]): readonly string[] =>
  objects
    // Whether one that a sync makes belongs to the application depends on which sync was the last.
    .filter((object) => viewString(object as JsonObject, "kind") !== "Namespace")
    .map((object) => viewString(object as JsonObject, "name") ?? "")
    .toSorted();

async function treeOf(app: string): Promise<readonly string[]> {
  const { status, body } = await up.admin.get(`applications/${app}/resource-tree`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return namesOf(viewArray(body, "nodes"));
}

/** What a stream tells, as it tells it. */
function follow(path: string): readonly JsonObject[] {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const told: JsonObject[] = [];
  const read = async (): Promise<void> => {
    const { headers } = up.admin;
    const response = await fetch(`${up.url}/api/v1/stream/${path}`, { headers, signal: stop.signal });
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      told.push(...lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JsonObject));
    }
    told.push({ ended: true });
  };
  read().catch((error: unknown) => {
    if (!stop.signal.aborted) told.push({ ended: String(error) });
  });
  return told;
}

it("answers tree, managed resources and manifests from a controller in another process, and goes on when that is killed", async () => {
  const first = await apart.startController("first");
  await up.deploy("web", sourceAt("web"));
  expect(await treeOf("web")).toEqual(["login", "one"]);
  const managed = await up.admin.get("applications/web/managed-resources");
  expect(managed.status).toBe(200);
  expect(namesOf(viewArray(managed.body, "items"))).toEqual(["login", "one"]);
  expect(JSON.stringify(managed.body), "values of Secrets are masked").not.toContain("hunter2");
  expect(JSON.stringify(managed.body)).not.toContain(Buffer.from("hunter2").toString("base64"));
  const rendered = await up.admin.get("applications/web/manifests");
  expect(viewArray(rendered.body, "manifests")).toHaveLength(2);
  const traced = await fetch(`${up.url}/api/mooring/v1/trace?what=main`, { headers: up.admin.headers });
  const trace = (await traced.json()) as JsonObject;
  expect(trace).toMatchObject({ kind: "commit", lines: [{ name: "web", state: "healthy" }] });

  const trees = follow("applications/web/resource-tree");
  const applications = follow("applications?name=web");
  await eventually(() => expect(Math.min(trees.length, applications.length)).toBeGreaterThan(0));
  await first.kill();
  const waiting = treeOf("web");
  const second = await apart.startController("second");
  await up.repository.change({ "web/app.yaml": configMap("one") + configMap("two") + secret });
  expect(await waiting, "a call in the middle of the fail-over is answered by the next one").toEqual(
    expect.arrayContaining(["login", "one"]),
  );
  const refreshed = await up.admin.get("applications/web?refresh=normal");
  expect(refreshed.status).toBe(200);
  await eventually(
    () => {
      const nodes = viewArray(trees.at(-1) as JsonObject, "result", "nodes");
      expect(namesOf(nodes), "the same stream tells what the next controller did").toEqual([
        "login",
        "one",
        "two",
      ]);
    },
    { timeoutMs: 60_000 },
  );
  expect(await treeOf("web")).toEqual(["login", "one", "two"]);

  await apart.startController("third");
  await second.stop();
  expect(await treeOf("web"), "one that is stopped gives its place to the next").toEqual([
    "login",
    "one",
    "two",
  ]);
  expect([...trees, ...applications].filter((event) => "ended" in event)).toEqual([]);
  expect(applications.length).toBeGreaterThan(1);
}, 120_000);

it("is killed in the middle of syncs, and leaves an Application that can be synced, with the session still good", async () => {
  await up.deploy("shop", sourceAt("shop"));
  for (const delayMs of [0, 1, 3, 10, 30]) {
    const asked = up.admin.send("POST", "applications/shop/sync", { prune: false }).then(
      ({ status }) => status,
      () => "broke off",
    );
    // Nothing is waited for: these are the moments at which it dies.
    await sleep(delayMs);
    await apart.killServer();
    expect([200, "broke off"]).toContain(await asked);
    await apart.restartServer();
    const { status, body } = await up.admin.get("applications/shop");
    expect(status, "the token from before is still good").toBe(200);
    expect(viewString(body, "spec", "source", "repoURL")).toBe(up.repository.url);
    await eventually(async () => {
      const app = (await up.admin.get("applications/shop")).body;
      expect(app["operation"]).toBeUndefined();
      expect(viewString(app, "status", "operationState", "phase") ?? "Succeeded").toBe("Succeeded");
    });
  }
  const last = await up.admin.send("POST", "applications/shop/sync", {});
  expect(last.status).toBe(200);
  expect(await treeOf("shop")).toEqual(["one"]);
}, 120_000);

it("says what to do while no controller can be asked", async () => {
  const bare = await startApart();
  await using alone = await useServer(bare);
  const spec = {
    project: "default",
    source: { repoURL: alone.repository.url, path: "." },
    destination: { server: "https://kubernetes.default.svc", namespace: "alone" },
  };
  const created = await alone.admin.send("POST", "applications?validate=false", {
    metadata: { name: "alone", namespace: "argocd" },
    spec,
  });
  expect(created.status).toBe(200);
  const { status, body } = await alone.admin.get("applications/alone/managed-resources");
  expect({ status, message: viewString(body, "message") }).toEqual({
    status: 503,
    message:
      "the controller does not answer (no address: no controller leads); see whether one runs and leads, with --internal-address where it is no pod, or try again in a moment",
  });
}, 90_000);
