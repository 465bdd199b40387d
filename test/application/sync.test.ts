import { describe, expect } from "vitest";
import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { foreignFields } from "./argocd-fields.ts";
import { configMap, deployment, inCluster, it } from "./fixture.ts";

describe("a sync", () => {
  it("applies what Git has when a client asks for it, and nothing before", async ({ create }) => {
    const app = await create("manual", { files: { "a.yaml": configMap("a", { k: "1" }) } });
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Missing"));
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect(await app.sync()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "ConfigMap/a Synced: configmap/a created"].join(
        "\n",
      ),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" });
    expect(await app.state()).toBe("Synced Healthy");
    expect(await app.sync()).toBe(
      ["Succeeded: successfully synced (all tasks run)", "ConfigMap/a Synced: configmap/a unchanged"].join(
        "\n",
      ),
    );
    const { history } = await app.status();
    expect(history?.map(({ id }) => id)).toEqual([0, 1]);
  });

  it("follows the branch when it is automated, and records every revision once", async ({ create }) => {
    const app = await create("auto", { automated: true, files: { "a.yaml": configMap("a", { k: "1" }) } });
    await app.synced();
    const first = await app.repository.git("rev-parse", "main");
    const second = await app.push({
      "a.yaml": configMap("a", { k: "2" }),
      "deep/b.json": JSON.stringify(configMap("b")),
      "c.yml": [configMap("c"), configMap("d")],
    });
    await app.synced();
    expect(await app.lastResult()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/a Synced: configmap/a configured",
        "ConfigMap/c Synced: configmap/c created",
        "ConfigMap/d Synced: configmap/d created",
      ].join("\n"),
    );
    const { history } = await app.status();
    expect(history?.map(({ id, revision, initiatedBy }) => ({ id, revision, initiatedBy }))).toEqual([
      { id: 0, revision: first, initiatedBy: { automated: true } },
      { id: 1, revision: second, initiatedBy: { automated: true } },
    ]);
  });

  it("is reported in the fields, and only in the fields, that Argo CD reports it in", async ({
    create,
    hub,
  }) => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    };
    const app = await create("shape", {
      automated: { prune: true, selfHeal: true },
      files: { "web.yaml": [deployment("web"), service] },
    });
    await app.synced();
    const application = await app.read();
    expect(foreignFields(application as unknown as JsonValue)).toEqual([]);
    const source = { repoURL: "<repository>", path: ".", targetRevision: "main" };
    const destination = { server: inCluster, namespace: "<namespace>" };
    const operation = {
      sync: { revision: "<commit>", prune: true },
      initiatedBy: { automated: true },
      retry: { limit: 5 },
    };
    const line = { namespace: "<namespace>", name: "web", status: "Synced", syncPhase: "Sync" };
    const status = JSON.parse(app.plain(JSON.stringify(application.status))) as JsonObject;
    expect(status).toEqual({
      controllerNamespace: "<hub>",
      health: { status: "Healthy", lastTransitionTime: "<time>" },
      history: [
        {
          id: 0,
          revision: "<commit>",
          deployStartedAt: "<time>",
          deployedAt: "<time>",
          initiatedBy: { automated: true },
          source,
        },
      ],
      operationState: {
        operation,
        phase: "Succeeded",
        message: "successfully synced (all tasks run)",
        startedAt: "<time>",
        finishedAt: "<time>",
        syncResult: {
          revision: "<commit>",
          source,
          resources: [
            { ...line, group: "", version: "v1", kind: "Service", message: "service/web created" },
            {
              ...line,
              group: "apps",
              version: "v1",
              kind: "Deployment",
              message: "deployment.apps/web created",
            },
          ],
        },
      },
      reconciledAt: "<time>",
      resources: expect.arrayContaining([
        {
          version: "v1",
          kind: "Service",
          namespace: "<namespace>",
          name: "web",
          status: "Synced",
          health: { status: "Healthy" },
        },
        {
          group: "apps",
          version: "v1",
          kind: "Deployment",
          namespace: "<namespace>",
          name: "web",
          status: "Synced",
          health: { status: "Healthy" },
        },
      ]) as unknown,
      sourceType: "Directory",
      summary: { images: ["registry.example/web:1"] },
      sync: { status: "Synced", revision: "<commit>", comparedTo: { source, destination } },
    });
    expect(hub.log.filter((line_) => line_.includes(" error "))).toEqual([]);
  });

  it("of a broken application does not hold up others", async ({ create }) => {
    const broken = await create("broken", {
      automated: true,
      files: { "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: [1" },
    });
    const app = await create("fine", { automated: true, files: { "a.yaml": configMap("a") } });
    await app.synced();
    await broken.waitFor(async () => expect(await broken.state()).toBe("Unknown -"));
    expect(await broken.conditions()).toEqual([
      "ComparisonError: a.yaml:3 (document 1): indentation does not fit the lines before it",
    ]);
  });
});
