import { describe, expect } from "vitest";
import { argo, configMap, deployment, eventually, it, job } from "./fixture.ts";

describe("annotations about health", () => {
  it("ignore-healthcheck leaves an object out, and ignore-restart-policy judges a pod by whether it runs", async ({
    create,
  }) => {
    const pod = (name: string, annotations: Readonly<Record<string, string>>) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, annotations },
      spec: {
        restartPolicy: "Never",
        containers: [
          { name: "main", image: "registry.example/tool:1", command: ["sh", "-c", "sleep infinity"] },
        ],
      },
    });
    const failed = job("failed", "exit 1", { annotations: argo({ "ignore-healthcheck": "true" }) });
    const app = await create("ignored", {
      files: { "a.yaml": [failed, pod("runs", argo({ "ignore-restart-policy": "true" }))] },
    });
    await app.sync();
    await app.waitFor(({ status }) =>
      expect(
        [...(status?.resources ?? [])]
          .map(({ name, health }) => `${name ?? ""} ${health?.status ?? ""}`)
          .toSorted(),
      ).toEqual(["failed Degraded", "runs Healthy"]),
    );
    await app.synced("Healthy");
    await app.push({ "a.yaml": [failed, pod("works", {})] });
    await app.sync();
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Progressing"));
  });
});

describe("annotations about links", () => {
  it("add to externalURLs, and ignore-default-links leaves out those that follow from the object", async ({
    create,
  }) => {
    const ingress = (name: string, annotations: Readonly<Record<string, string>>) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name, annotations },
      spec: {
        rules: [
          {
            host: `${name}.example.com`,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "web", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    });
    const link = { "link.argocd.argoproj.io/docs": "https://docs.example.com" };
    const app = await create("links", {
      files: {
        "a.yaml": [
          ingress("shown", {}),
          ingress("hidden", { ...link, ...argo({ "ignore-default-links": "true" }) }),
        ],
      },
    });
    await app.sync();
    await app.waitFor(({ status }) =>
      expect(status?.summary?.externalURLs).toEqual([
        "http://shown.example.com/",
        "https://docs.example.com",
      ]),
    );
  });
});

describe("annotations of Helm", () => {
  it("helm.sh/resource-policy keeps an object, helm.sh/hook-delete-policy removes a hook", async ({
    create,
  }) => {
    const kept = configMap("kept", {}, { annotations: { "helm.sh/resource-policy": "keep" } });
    const hook = job("hook", "true", {
      annotations: { "helm.sh/hook": "pre-install", "helm.sh/hook-delete-policy": "hook-succeeded" },
    });
    const app = await create("helm", { files: { "a.yaml": configMap("a"), "b.yaml": [kept, hook] } });
    await app.sync();
    await eventually(async () => expect(await app.live("batch/jobs/hook")).toBeUndefined());
    await app.push({ "a.yaml": configMap("a"), "b.yaml": null });
    expect(await app.sync({ prune: true })).toContain("ConfigMap/kept PruneSkipped");
    expect(await app.live("configmaps/kept")).toBeDefined();
  });
});

describe("an annotation that has no effect", () => {
  it("client-side-apply-migration-manager is told of, with what happens instead", async ({ create }) => {
    const app = await create("told", { files: { "a.yaml": configMap("a") } });
    await app.patch({
      metadata: { annotations: argo({ "client-side-apply-migration-manager": "somebody" }) },
    });
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "UnsupportedFieldWarning: metadata.annotations[argocd.argoproj.io/client-side-apply-migration-manager] is set, but what kubectl and Argo CD applied is taken over, and the fields of other managers stay theirs; remove it",
      ]),
    );
  });
});

describe("a hook with a health check", () => {
  it("is held by hook-finalizer until its result was seen", async ({ create }) => {
    const hook = { annotations: argo({ hook: "PreSync" }) };
    const app = await create("held", {
      files: { "a.yaml": deployment("web"), "b.yaml": job("slow", "sleep infinity", hook) },
    });
    await app.startSync();
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain("waiting for completion of hook batch/Job/slow"),
    );
    expect((await app.live("batch/jobs/slow"))?.metadata.finalizers).toContain(
      "argocd.argoproj.io/hook-finalizer",
    );
    await app.patch({ status: { operationState: { phase: "Terminating" } } });
    await eventually(async () => expect(await app.live("batch/jobs/slow")).toBeUndefined());
  });
});
