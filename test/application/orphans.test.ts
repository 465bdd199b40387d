import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { callApi, configMap, newHub, plainIt as it } from "./fixture.ts";

describe("an object that no application manages", () => {
  it("is warned of where the project asks for it, and no longer when it is gone, managed or ignored", async ({
    onTestFinished,
  }) => {
    const hub = await newHub({ onTestFinished });
    await hub.create({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: "tidy" },
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        orphanedResources: { warn: true, ignore: [{ kind: "Secret", name: "ours-*" }] },
      },
    });
    await hub.start();
    const app = await hub.app("tidy", {
      automated: true,
      spec: { project: "tidy" },
      files: { "a.yaml": configMap("a") },
    });
    await app.synced();
    expect(await app.conditions()).toEqual([]);
    const create = async (path: string, body: JsonObject) => {
      const [root = "", plural = ""] = path.split(" ");
      await callApi(hub.access, {
        method: "POST",
        path: `${root}/namespaces/${app.namespace}/${plural}`,
        body,
      });
    };
    await create("/api/v1 configmaps", configMap("left"));
    await create("/api/v1 secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "ours-1" } });
    await create("/api/v1 secrets", { apiVersion: "v1", kind: "Secret", metadata: { name: "theirs" } });
    const warning = (what: string) =>
      `OrphanedResourceWarning: Application has ${what} in namespace <namespace>: `;
    const fix =
      "; delete them, bring them into an Application, or list them in spec.orphanedResources.ignore of AppProject tidy";
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        `${warning("2 orphaned resources")}ConfigMap/left, Secret/theirs${fix}`,
      ]),
    );
    expect(await app.state()).toBe("Synced Healthy");
    await app.removeLive("secrets/theirs");
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([`${warning("1 orphaned resource")}ConfigMap/left${fix}`]),
    );
    await app.push({ "a.yaml": configMap("a"), "b.yaml": configMap("left") });
    await app.waitFor(async () => expect(await app.conditions()).toEqual([]));
    await app.synced();
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "web", image: "web" }] },
        },
      },
    };
    await create("/apis/apps/v1 deployments", deployment);
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([`${warning("1 orphaned resource")}Deployment/web${fix}`]),
    );
    await callApi(hub.access, {
      method: "PATCH",
      path: `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/appprojects/tidy`,
      contentType: "application/merge-patch+json",
      body: { spec: { orphanedResources: { warn: false } } },
    });
    await app.waitFor(async () => expect(await app.conditions()).toEqual([]));
  });
});
