import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { viewArray } from "#core/object/index.ts";
import {
  argo,
  callApi,
  configMap,
  deployment,
  eventually,
  it,
  type TestApplication,
  type TestHub,
} from "./fixture.ts";

const succeeded = "Succeeded: successfully synced (all tasks run)";
const options = (text: string) => ({ annotations: argo({ "sync-options": text }) });

/** Creates a ConfigMap as `kubectl apply` did before server-side apply. */
async function applyClientSide({ access }: TestHub, { namespace }: TestApplication, name: string) {
  const object = configMap(name, { k: "1", old: "left Git" });
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) };
  await callApi(access, {
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/configmaps?fieldManager=kubectl-client-side-apply`,
    body: { ...object, metadata: { name, annotations } },
  });
}

describe("ClientSideApplyMigration=false", () => {
  it("leaves what kubectl applied with kubectl, for an object and for the application", async ({
    create,
    hub,
  }) => {
    const files = {
      "a.yaml": [
        configMap("moved", { k: "2" }),
        configMap("left", { k: "2" }, options("ClientSideApplyMigration=false")),
      ],
    };
    const [one, all] = [
      await create("one", { files }),
      await create("all", { files, syncOptions: ["ClientSideApplyMigration=false"] }),
    ];
    const dataOf = async (app: TestApplication, name: string) =>
      (await app.live(`configmaps/${name}`))?.["data"];
    for (const app of [one, all]) {
      await applyClientSide(hub, app, "moved");
      await applyClientSide(hub, app, "left");
      expect(await app.sync()).toMatch(/^Succeeded: /u);
      await app.synced();
    }
    const both = { k: "2", old: "left Git" };
    expect([await dataOf(one, "moved"), await dataOf(one, "left")]).toEqual([{ k: "2" }, both]);
    expect([await dataOf(all, "moved"), await dataOf(all, "left")]).toEqual([both, both]);
  });
});

describe("ServerSideApply=false", () => {
  it("changes nothing: every apply is the server's", async ({ create }) => {
    const app = await create("client", {
      syncOptions: ["ServerSideApply=false"],
      files: { "a.yaml": configMap("a", { k: "1" }) },
    });
    await app.sync();
    const live = await app.live("configmaps/a");
    expect(live?.metadata.managedFields?.map(({ operation }) => operation)).toEqual(["Apply"]);
    expect(live?.metadata.annotations).not.toHaveProperty([
      "kubectl.kubernetes.io/last-applied-configuration",
    ]);
  });
});

describe("SkipDryRunOnMissingResource=true", () => {
  it("syncs the rest where a kind is not served, and says so of the kind", async ({ create }) => {
    const widget = (meta: JsonObject) => ({
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w", ...meta },
    });
    const app = await create("missing", {
      files: {
        "a.yaml": configMap("a"),
        "w.yaml": widget(options("SkipDryRunOnMissingResource=true")),
      },
    });
    expect(await app.sync()).toMatchInlineSnapshot(`
      "Failed: one or more objects failed to apply, reason: Widget/w: the cluster does not serve example.com/v1 Widget; install its CustomResourceDefinition or correct apiVersion and kind
      ConfigMap/a Synced: configmap/a created
      Widget/w SyncFailed: Widget/w: the cluster does not serve example.com/v1 Widget; install its CustomResourceDefinition or correct apiVersion and kind"
    `);
    expect(await app.live("configmaps/a")).toBeDefined();
  });
});

describe("FailOnSharedResource=true", () => {
  it("changes nothing where another application manages one of the objects", async ({ create }) => {
    const first = await create("first", { automated: true, files: { "a.yaml": configMap("a") } });
    await first.synced();
    const second = await create("second", {
      namespace: first.namespace,
      syncOptions: ["FailOnSharedResource=true"],
      files: { "a.yaml": configMap("a", { by: "second" }), "b.yaml": configMap("b") },
    });
    expect((await second.sync()).replaceAll(first.name, "<first>")).toMatchInlineSnapshot(`
      "Failed: one or more synchronization tasks are not valid, reason: ConfigMap/<namespace>/a: owned by application <first>, so <app> does not apply it; remove it from one of the two, or set sync option TakeOwnership=true; to go on: remove sync option FailOnSharedResource=true to sync the other objects
      ConfigMap/a SyncFailed: owned by application <first>, so <app> does not apply it; remove it from one of the two, or set sync option TakeOwnership=true"
    `);
    expect(await second.live("configmaps/b")).toBeUndefined();
  });
});

describe("PrunePropagationPolicy", () => {
  it.for(["foreground", "background", "orphan"] as const)(
    "%s decides what becomes of pods",
    async (policy, { create, hub }) => {
      const app = await create(policy, {
        syncOptions: [`PrunePropagationPolicy=${policy}`],
        files: { "web.yaml": deployment("web"), "a.yaml": configMap("a") },
      });
      await app.sync();
      await app.synced();
      await app.push({ "a.yaml": configMap("a"), "web.yaml": null });
      expect(await app.sync({ prune: true })).toMatch(/^Succeeded: /u);
      await eventually(async () => expect(await app.live("apps/deployments/web")).toBeUndefined());
      const path = `/apis/apps/v1/namespaces/${app.namespace}/replicasets`;
      const left = policy === "orphan" ? 1 : 0;
      await eventually(async () =>
        expect(viewArray(await callApi(hub.access, { path }), "items")).toHaveLength(left),
      );
    },
  );
});

describe("PruneBeforeHealthy=true", () => {
  it("prunes without waiting for the health of what was applied", async ({ create }) => {
    const never = deployment("web", {
      template: {
        metadata: { labels: { app: "web" }, annotations: { "mooring.dev/simulate": "not-ready" } },
        spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
      },
    });
    const files = { "a.yaml": configMap("a"), "b.yaml": configMap("b") };
    const [waits, goesOn] = [
      await create("waits", { files }),
      await create("goes-on", { files, syncOptions: ["PruneBeforeHealthy=true"] }),
    ];
    await Promise.all([waits.sync(), goesOn.sync()]);
    for (const app of [waits, goesOn]) await app.push({ "b.yaml": configMap("b"), "web.yaml": never });
    await waits.startSync({ prune: true });
    await waits.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain("waiting for healthy state of apps/Deployment/web"),
    );
    expect(await goesOn.sync({ prune: true })).toBe(
      [
        succeeded,
        "ConfigMap/a Pruned: pruned",
        "ConfigMap/b Synced: configmap/b unchanged",
        "Deployment/web Synced: deployment.apps/web created",
      ].join("\n"),
    );
    expect(await waits.live("configmaps/a")).toBeDefined();
  });
});

describe("Validate=false", () => {
  it("sends fields that the kind does not have, and the server leaves them out", async ({ create }) => {
    const { spec } = deployment("web");
    const wrong = (meta: JsonObject) => ({
      ...deployment("web", {}, meta),
      spec: { ...spec, replcas: 3 },
    });
    const [strict, lax] = [
      await create("strict", { files: { "web.yaml": wrong({}) } }),
      await create("lax", { files: { "web.yaml": wrong(options("Validate=false")) } }),
    ];
    expect(await strict.sync()).toMatch(/^Failed: .*spec\.replcas: field not declared in schema/u);
    expect(await lax.sync()).toBe(
      [succeeded, "Deployment/web Synced: deployment.apps/web created"].join("\n"),
    );
    await lax.synced();
    await lax.push({ "web.yaml": { ...wrong(options("Validate=false")), metadata: { name: "web" } } });
    await lax.patch({ spec: { syncPolicy: { syncOptions: ["Validate=false"] } } });
    expect(await lax.sync()).toMatch(/^Succeeded: /u);
    await lax.synced();
    expect(await lax.conditions()).toEqual([]);
  });
});
