import { describe, expect } from "vitest";
import { argo, callApi, configMap, gone, it, job, type TestApplication } from "./fixture.ts";
import { register } from "./registered-cluster.ts";
import { startSlowProxy } from "./slow-proxy.ts";

const cascade = "resources-finalizer.argocd.argoproj.io";
const files = { "a.yaml": configMap("a") };

async function deletionConditions(app: TestApplication): Promise<readonly string[]> {
  return (await app.conditions()).filter((line) => line.startsWith("Deletion"));
}

describe("deleting an application", () => {
  it("whose cluster does not answer says what it leaves and how to let go", async ({ create, hub }) => {
    const proxy = await startSlowProxy(new URL(hub.access.server));
    await register(hub, { name: "fails", server: `https://127.0.0.1:${proxy.port}` });
    const app = await create("fails", {
      automated: true,
      finalizers: [cascade],
      files,
      destination: { server: "", name: "fails" },
    });
    await app.synced();
    await proxy[Symbol.asyncDispose]();
    await app.remove();
    await app.waitFor(async () =>
      expect((await deletionConditions(app)).map((line) => line.replaceAll(/:\d+:/gu, ":<port>:"))).toEqual([
        "DeletionError: Application/<hub>/<app>: its objects (ConfigMap/<namespace>/a) cannot be deleted: https://127.0.0.1:<port>: nothing listens there; check the address and whether the API server runs; to leave the objects where they are, remove resources-finalizer.argocd.argoproj.io from metadata.finalizers",
      ]),
    );
    await app.patch({ metadata: { finalizers: null } });
    await gone(app);
    expect(await app.live("configmaps/a")).toBeDefined();
  });

  it("whose cluster was renamed says so, and goes on when the destination is corrected", async ({
    create,
    hub,
  }) => {
    await register(hub, { name: "before", server: hub.access.server });
    const app = await create("renamed", {
      automated: true,
      finalizers: [cascade],
      files,
      destination: { server: "", name: "before" },
    });
    await app.synced();
    await callApi(hub.access, {
      method: "PATCH",
      path: `/api/v1/namespaces/${hub.namespace}/secrets/cluster-before`,
      contentType: "application/merge-patch+json",
      body: { stringData: { name: "after" } },
    });
    await app.waitFor(async () =>
      expect((await app.conditions()).join()).toContain("destination.name before"),
    );
    await app.remove();
    await app.waitFor(async () =>
      expect((await deletionConditions(app)).join()).toContain(
        "its objects (ConfigMap/<namespace>/a) cannot be deleted: spec.destination.name before is not a known cluster; known are after",
      ),
    );
    await app.patch({ spec: { destination: { name: "after" } } });
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("whose project is gone deletes its objects, and says that its hooks cannot be run", async ({
    create,
    hub,
  }) => {
    const project = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "passing" },
      spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] },
    };
    await hub.create(project);
    const settings = { automated: true, finalizers: [cascade], spec: { project: "passing" } };
    const plain = await create("plain", { ...settings, files });
    const hooked = await create("hooked", {
      ...settings,
      files: { ...files, "b.yaml": job("before", "true", { annotations: argo({ hook: "PreDelete" }) }) },
    });
    await Promise.all([plain.synced(), hooked.synced()]);
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/appprojects/passing`;
    await callApi(hub.access, { method: "DELETE", path });
    await Promise.all([plain.remove(), hooked.remove()]);
    await gone(plain);
    expect(await plain.live("configmaps/a")).toBeUndefined();
    await hooked.waitFor(async () =>
      expect(await deletionConditions(hooked)).toEqual([
        expect.stringMatching(
          /^DeletionError: Application\/<hub>\/<app>: its hooks on deletion cannot be run: .*passing.*; to go on without these hooks, remove pre-delete-finalizer.argocd.argoproj.io from metadata.finalizers$/u,
        ),
      ]),
    );
    expect(await hooked.live("configmaps/a")).toBeDefined();
    await hub.create(project);
    await gone(hooked);
    expect(await hooked.live("configmaps/a")).toBeUndefined();
  });

  it("that holds its own manifest does not wait for itself", async ({ create, hub }) => {
    const app = await create("itself", { automated: true, finalizers: [cascade], files });
    await app.synced();
    const { apiVersion, kind, spec } = await app.read();
    const metadata = { name: app.name, namespace: hub.namespace, finalizers: [cascade] };
    await app.push({
      ...files,
      "app.yaml": { apiVersion, kind, metadata, spec: structuredClone(spec) as never },
    });
    await app.waitFor(({ metadata: { annotations } }) =>
      expect(annotations).toHaveProperty(["argocd.argoproj.io/tracking-id"]),
    );
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Healthy"));
    await app.remove();
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("of applications deletes them in the order of their waves, each with its objects", async ({
    create,
    hub,
  }) => {
    const low = await create("low", { automated: true, files });
    const high = await create("high", { automated: true, files });
    await Promise.all([low.synced(), high.synced()]);
    const child = async (app: TestApplication, wave: string) => {
      const { apiVersion, kind, spec } = await app.read();
      const metadata = {
        name: app.name,
        namespace: hub.namespace,
        finalizers: [cascade],
        annotations: argo({ "sync-wave": wave }),
      };
      return { apiVersion, kind, metadata, spec: structuredClone(spec) as never };
    };
    const parent = await create("parent", {
      automated: true,
      finalizers: [cascade],
      files: { "low.yaml": await child(low, "0"), "high.yaml": await child(high, "1") },
    });
    await parent.synced();
    await high.patchLive("configmaps/a", { metadata: { finalizers: ["example.com/hold"] } });
    await parent.remove();
    await high.waitFor(({ metadata }) => expect(metadata.deletionTimestamp).toBeDefined());
    await parent.waitFor(async () =>
      expect(await deletionConditions(parent)).toEqual([
        expect.stringContaining(`waiting for deletion of Application/<hub>/${high.name} (held by ${cascade}`),
      ]),
    );
    expect((await low.read()).metadata.deletionTimestamp).toBeUndefined();
    await high.waitFor(async () =>
      expect(await deletionConditions(high)).toEqual([
        "DeletionWarning: waiting for deletion of ConfigMap/<namespace>/a (held by example.com/hold), deleting since <time>; to leave the objects where they are, remove resources-finalizer.argocd.argoproj.io from metadata.finalizers",
      ]),
    );
    await high.patchLive("configmaps/a", { metadata: { finalizers: null } });
    await gone(parent);
    await Promise.all([gone(low), gone(high)]);
    expect([await low.live("configmaps/a"), await high.live("configmaps/a")]).toEqual([undefined, undefined]);
  });
});

describe("an object that was there before", () => {
  it("is taken over when kubectl or Helm applied it", async ({ create, hub }) => {
    const app = await create("adopts", {
      files: { "a.yaml": [configMap("kubectl", { k: "1" }), configMap("helm", { k: "1" })] },
    });
    const path = `/api/v1/namespaces/${app.namespace}/configmaps`;
    await callApi(hub.access, {
      method: "POST",
      path: `${path}?fieldManager=kubectl-client-side-apply`,
      body: configMap(
        "kubectl",
        { k: "0", old: "1" },
        {
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(
              configMap("kubectl", { k: "0", old: "1" }),
            ),
          },
        },
      ),
    });
    await callApi(hub.access, {
      method: "POST",
      path: `${path}?fieldManager=helm`,
      body: configMap(
        "helm",
        { k: "0" },
        {
          labels: { "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "release" },
          annotations: {
            "meta.helm.sh/release-name": "release",
            "meta.helm.sh/release-namespace": app.namespace,
          },
        },
      ),
    });
    expect(await app.sync()).toMatch(/^Succeeded/u);
    expect(await app.state()).toBe("Synced Healthy");
    expect((await app.live("configmaps/kubectl"))?.["data"]).toEqual({ k: "1" });
    expect((await app.live("configmaps/helm"))?.["data"]).toEqual({ k: "1" });
  });

  it("is taken over when Helm 4 applied it on the server's side, without being made anew", async ({
    create,
    hub,
  }) => {
    const app = await create("releases", { files: { "a.yaml": configMap("helm", { k: "1" }) } });
    const path = `/api/v1/namespaces/${app.namespace}/configmaps/helm`;
    const labels = { "app.kubernetes.io/managed-by": "Helm" };
    await callApi(hub.access, {
      method: "PATCH",
      path: `${path}?fieldManager=helm`,
      contentType: "application/apply-patch+yaml",
      body: configMap("helm", { k: "0" }, { labels }),
    });
    const { uid } = (await app.live("configmaps/helm"))?.metadata ?? {};
    expect(await app.sync()).toMatch(/^Succeeded/u);
    expect(await app.state()).toBe("Synced Healthy");
    const found = await app.live("configmaps/helm");
    expect([found?.metadata.uid, found?.["data"]]).toEqual([uid, { k: "1" }]);
  });

  it("is in sync without a single write when an Argo CD that is replaced has applied it", async ({
    create,
    hub,
  }) => {
    const app = await create("replaces", {});
    const annotations = argo({ "tracking-id": `${app.name}:/ConfigMap:${app.namespace}/a` });
    await callApi(hub.access, {
      method: "PATCH",
      path: `/api/v1/namespaces/${app.namespace}/configmaps/a?fieldManager=argocd-controller`,
      contentType: "application/apply-patch+yaml",
      body: configMap("a", {}, { annotations }),
    });
    const before = (await app.live("configmaps/a"))?.metadata.resourceVersion;
    await app.push(files);
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Healthy"));
    expect(await app.conditions()).toEqual([]);
    expect(await app.sync()).toContain("ConfigMap/a Synced: configmap/a unchanged");
    expect((await app.live("configmaps/a"))?.metadata.resourceVersion).toBe(before);
  });

  it("stays with an Argo CD that has another id, and both applications are named, until it is taken over", async ({
    create,
    hub,
  }) => {
    const app = await create("claims", { files });
    const annotations = argo({
      "tracking-id": `theirs:/ConfigMap:${app.namespace}/a`,
      "installation-id": "east",
    });
    const path = `/api/v1/namespaces/${app.namespace}/configmaps`;
    await callApi(hub.access, {
      method: "POST",
      path,
      body: configMap("a", { k: "theirs" }, { annotations }),
    });
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "SharedResourceWarning: ConfigMap/<namespace>/a is part of applications <app> and theirs of installation east; remove it from one of the two, or take it over with sync option TakeOwnership=true",
      ]),
    );
    expect(await app.sync()).toContain(
      "owned by application theirs of installation east, so <app> does not apply it",
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "theirs" });
    expect(await app.sync({ syncOptions: ["TakeOwnership=true"] })).toMatch(/^Succeeded/u);
    await app.waitFor(async () => expect(await app.conditions()).toEqual([]));
    expect((await app.live("configmaps/a"))?.metadata.annotations).toEqual(
      argo({ "tracking-id": `${app.name}:/ConfigMap:${app.namespace}/a` }),
    );
  });
});
