import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { ApiError } from "../control-plane/fixture.ts";
import { startWire } from "../kube/wire.ts";
import {
  argo,
  callApi,
  configMap,
  customResourceDefinition,
  deployment,
  eventually,
  gone,
  it,
  type TestHub,
} from "./fixture.ts";
import { anotherUrl, register } from "./registered-cluster.ts";

const cascade = "resources-finalizer.argocd.argoproj.io";

async function patchSecret(
  hub: TestHub,
  name: string,
  stringData: Readonly<Record<string, string>>,
): Promise<void> {
  await callApi(hub.access, {
    method: "PATCH",
    path: `/api/v1/namespaces/${hub.namespace}/secrets/cluster-${name}`,
    contentType: "application/merge-patch+json",
    body: { stringData },
  });
}

const readySoon = {
  template: {
    metadata: { labels: { app: "web" }, annotations: { "mooring.dev/ready-after": "4s" } },
    spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
  },
};

const letGo =
  "to leave the objects where they are, remove resources-finalizer.argocd.argoproj.io from metadata.finalizers";

describe("while the Secret of its cluster changes", () => {
  it("a sync that waits goes on, and takes nothing for deleted", async ({ create, hub }) => {
    await register(hub, { name: "rotated", server: anotherUrl(hub, "localhost") });
    const app = await create("rotated", {
      destination: { server: "", name: "rotated" },
      files: {
        "a.yaml": deployment("web", readySoon),
        "b.yaml": configMap("later", {}, { annotations: argo({ "sync-wave": "1" }) }),
      },
    });
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain("waiting for healthy state of apps/Deployment/web"),
    );
    const startedAt = (await app.status()).operationState?.startedAt;
    await patchSecret(hub, "rotated", { namespaces: `${app.namespace},default` });
    await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined(), 40_000);
    expect(await app.lastResult()).toContain("Succeeded: successfully synced (all tasks run)");
    expect((await app.status()).operationState?.startedAt).toBe(startedAt);
    expect(await app.live("configmaps/later")).toBeDefined();
  });

  it("a deletion that waits goes on and leaves nothing behind", async ({ create, hub }) => {
    await register(hub, { name: "deleted", server: anotherUrl(hub, "LocalHost") });
    const app = await create("deleted", {
      automated: true,
      finalizers: [cascade],
      destination: { server: "", name: "deleted" },
      files: {
        "a.yaml": [configMap("low"), configMap("high", {}, { annotations: argo({ "sync-wave": "1" }) })],
      },
    });
    await app.synced();
    await app.patchLive("configmaps/high", { metadata: { finalizers: ["example.com/hold"] } });
    await app.remove();
    await eventually(async () =>
      expect((await app.live("configmaps/high"))?.metadata.deletionTimestamp).toBeDefined(),
    );
    await patchSecret(hub, "deleted", { namespaces: app.namespace });
    await sleep(1_000);
    expect(await app.live("configmaps/low")).toBeDefined();
    await app.patchLive("configmaps/high", { metadata: { finalizers: null } });
    await gone(app);
    expect([await app.live("configmaps/low"), await app.live("configmaps/high")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("an object outside of what its cluster is restricted to", () => {
  it("is a condition, is not applied at every heal, and is not forgotten by the deletion", async ({
    create,
    hub,
  }) => {
    const outside = await create("outside", {});
    const server = anotherUrl(hub, "LOCALHOST");
    await register(hub, { name: "narrowed", server });
    const app = await create("narrowed", {
      automated: { selfHeal: true },
      finalizers: [cascade],
      destination: { server: "", name: "narrowed" },
      files: {
        "a.yaml": [configMap("in", { k: "1" }), configMap("out", {}, { namespace: outside.namespace })],
      },
    });
    await app.synced();
    await patchSecret(hub, "narrowed", { namespaces: app.namespace });
    const reason = `ConfigMap/${outside.namespace}/out: outside of what cluster ${server} is restricted to; add its namespace to namespaces in the cluster's Secret`;
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([`ComparisonError: ${reason}, or remove it from Git`]),
    );
    await app.patchLive("configmaps/in", { data: { k: "by hand" } });
    await eventually(async () => expect((await app.live("configmaps/in"))?.["data"]).toEqual({ k: "1" }));
    await app.waitFor(({ status }) => {
      expect(status?.operationState?.phase).toBe("Succeeded");
      expect(status?.operationState?.operation.sync?.autoHealAttemptsCount).toBe(1);
    });
    const { operationState: healed } = await app.status();
    expect(healed?.operation.sync?.resources).toEqual([
      { group: "", kind: "ConfigMap", name: "in", namespace: app.namespace },
    ]);
    await app.refresh();
    await sleep(1_000);
    expect((await app.status()).operationState).toEqual(healed);

    expect(await app.sync()).toBe(
      `Failed: one or more synchronization tasks are not valid, reason: ${reason}, or remove it from Git; to go on: sync the other resources only`,
    );
    await app.remove();
    await app.waitFor(async () =>
      expect(await app.conditions()).toContain(
        `DeletionError: Application/<hub>/<app>: ${reason}, or delete it by hand; ${letGo}`,
      ),
    );
    expect(await app.live("configmaps/in")).toBeUndefined();
    await outside.removeLive("configmaps/out");
    await app.patch({ metadata: { annotations: { touched: "yes" } } });
    await gone(app);
  });
});

describe("an object of an aggregated API that is down", () => {
  it("holds the deletion up until somebody can tell that it is gone", async ({ create, hub }) => {
    const group = `${randomBytes(4).toString("hex")}.example.com`;
    const gadget = { apiVersion: `${group}/v1`, kind: "Gadget", metadata: { name: "one" }, spec: {} };
    const app = await create("apidown", {
      automated: true,
      finalizers: [cascade],
      files: { "a.yaml": [customResourceDefinition(group, "Gadget"), gadget] },
    });
    await app.synced();
    const services = "/apis/apiregistration.k8s.io/v1/apiservices";
    await callApi(hub.access, {
      method: "DELETE",
      path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`,
    });
    const read = { path: `${services}/v1.${group}` };
    await eventually(async () => expect(callApi(hub.access, read)).rejects.toBeInstanceOf(ApiError));
    await callApi(hub.access, {
      method: "POST",
      path: services,
      body: {
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name: `v1.${group}` },
        spec: {
          group,
          version: "v1",
          groupPriorityMinimum: 1000,
          versionPriority: 10,
          insecureSkipTLSVerify: true,
          service: { namespace: "default", name: "nobody" },
        },
      },
    });
    // Discovery lags behind the APIService by a moment.
    await sleep(1_500);
    await app.remove();
    await app.waitFor(async () =>
      expect((await app.conditions()).filter((line) => line.startsWith("DeletionError"))).toEqual([
        `DeletionError: Application/<hub>/<app>: Gadget/<namespace>/one: nobody can tell whether it exists, because ${group}/v1 does not answer (its aggregated API server does not answer); repair that API, or delete its APIService; ${letGo}`,
      ]),
    );
    await callApi(hub.access, { method: "DELETE", path: `${services}/v1.${group}` });
    await gone(app);
  });
});

describe("a cluster that stops answering", () => {
  it("does not stay Synced without a word, and no sync is started on what it was", async ({
    create,
    hub,
  }) => {
    const wire = await startWire(hub.access.server);
    await register(hub, { name: "cut", server: wire.url });
    const app = await create("cut", {
      automated: { selfHeal: true },
      destination: { server: "", name: "cut" },
      files: { "a.yaml": configMap("a", { k: "1" }) },
    });
    await app.synced();
    const before = (await app.status()).operationState;
    wire.cut();
    await app.waitFor(async () => {
      const [condition = ""] = await app.conditions();
      expect(condition.replace(/https:\S+: .*?; the/u, "<server>: <reason>; the")).toBe(
        "ComparisonError: <server>: <reason>; the cluster is not watched since <time>, its last known state is shown and no automated sync starts",
      );
    }, 30_000);
    await app.push({ "a.yaml": configMap("a", { k: "2" }) });
    await sleep(1_000);
    expect((await app.status()).operationState).toEqual(before);
    wire.mend();
    await eventually(async () => expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "2" }), {
      timeoutMs: 60_000,
    });
    await app.synced();
    expect(await app.conditions()).toEqual([]);
  });
});
