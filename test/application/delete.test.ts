import { randomBytes } from "node:crypto";
import { rename } from "node:fs/promises";
import { describe, expect } from "vitest";
import { ApiError } from "../control-plane/fixture.ts";
import {
  argo,
  callApi,
  configMap,
  customResourceDefinition,
  deployment,
  eventually,
  it,
  type TestApplication,
} from "./fixture.ts";

const cascade = "resources-finalizer.argocd.argoproj.io";

async function gone(app: TestApplication): Promise<void> {
  await eventually(async () => {
    const error = await app.read().then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(ApiError);
  });
}

async function left(app: TestApplication, paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => ((await app.live(path)) === undefined ? [] : [path])),
  );
  return found.flat();
}

describe("deleting an application", () => {
  it("takes its objects along when the finalizer says so, in the foreground or the background", async ({
    create,
  }) => {
    const apps = await Promise.all(
      [cascade, `${cascade}/foreground`, `${cascade}/background`].map((finalizer) =>
        create("cascade", {
          automated: true,
          finalizers: [finalizer],
          files: { "a.yaml": [configMap("a"), deployment("web")] },
        }),
      ),
    );
    await Promise.all(apps.map((app) => app.synced()));
    await Promise.all(apps.map((app) => app.remove()));
    await Promise.all(apps.map((app) => gone(app)));
    const found = await Promise.all(apps.map((app) => left(app, ["configmaps/a", "apps/deployments/web"])));
    expect(found).toEqual([[], [], []]);
  });

  it("leaves its objects alone without the finalizer", async ({ create }) => {
    const app = await create("leaves", { automated: true, files: { "a.yaml": configMap("a") } });
    await app.synced();
    await app.remove();
    await gone(app);
    expect(await left(app, ["configmaps/a"])).toEqual(["configmaps/a"]);
  });

  it("keeps what opted out, what is not its own, and definitions of kinds", async ({ create, hub }) => {
    const group = `${randomBytes(4).toString("hex")}.example.com`;
    const app = await create("keeps", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": [
          configMap("kept", {}, { annotations: argo({ "sync-options": "Delete=false" }) }),
          configMap("gone"),
          configMap("taken"),
          customResourceDefinition(group, "Gadget"),
        ],
      },
    });
    await app.synced();
    const path = `/api/v1/namespaces/${app.namespace}/configmaps`;
    await callApi(hub.access, { method: "POST", path, body: configMap("foreign") });
    await app.patchLive("configmaps/taken", { metadata: { annotations: argo({ "tracking-id": "" }) } });
    await app.remove();
    await gone(app);
    const definition = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`;
    expect(
      await left(app, [
        "configmaps/kept",
        "configmaps/gone",
        "configmaps/taken",
        "configmaps/foreign",
        definition,
      ]),
    ).toEqual(["configmaps/kept", "configmaps/taken", "configmaps/foreign", definition]);
    await callApi(hub.access, { method: "DELETE", path: definition });
  });

  it("deletes higher waves first and waits for each", async ({ create }) => {
    const wave = (number: number) => argo({ "sync-wave": String(number) });
    const app = await create("waves", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": [
          configMap("low", {}, { annotations: wave(0) }),
          configMap("high", {}, { annotations: wave(1) }),
        ],
      },
    });
    await app.synced();
    await app.patchLive("configmaps/high", { metadata: { finalizers: ["example.com/hold"] } });
    await app.remove();
    await eventually(async () =>
      expect((await app.live("configmaps/high"))?.metadata.deletionTimestamp).toBeDefined(),
    );
    expect(await left(app, ["configmaps/low"])).toEqual(["configmaps/low"]);
    await app.patchLive("configmaps/high", { metadata: { finalizers: null } });
    await gone(app);
    expect(await left(app, ["configmaps/low", "configmaps/high"])).toEqual([]);
  });

  it("works while its repository is gone", async ({ create }) => {
    const app = await create("norepo", {
      automated: true,
      finalizers: [cascade],
      files: { "a.yaml": configMap("a") },
    });
    await app.synced();
    await rename(app.repository.directory, `${app.repository.directory}.gone`);
    await app.remove();
    await gone(app);
    expect(await left(app, ["configmaps/a"])).toEqual([]);
  });

  it("waits for confirmation where an object asks for it", async ({ create }) => {
    const app = await create("confirm", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": configMap("a", {}, { annotations: argo({ "sync-options": "Delete=confirm" }) }),
        "b.yaml": configMap("b"),
      },
    });
    await app.synced();
    await app.remove();
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "DeletionError: ConfigMap/<namespace>/a: deletion needs confirmation; set annotation argocd.argoproj.io/deletion-approved to the current time on the Application, or run: mooring app confirm-deletion <app>",
      ]),
    );
    expect(await left(app, ["configmaps/a", "configmaps/b"])).toEqual(["configmaps/a", "configmaps/b"]);
    const approved = new Date(Date.now() + 1_000).toISOString();
    await app.patch({ metadata: { annotations: argo({ "deletion-approved": approved }) } });
    await gone(app);
    expect(await left(app, ["configmaps/a", "configmaps/b"])).toEqual([]);
  });

  it("says what is in the way when its cluster is unknown", async ({ create }) => {
    const app = await create("nowhere", {
      finalizers: [cascade],
      destination: { server: "https://nowhere.example" },
      files: { "a.yaml": configMap("a") },
    });
    await app.remove();
    await app.waitFor(async () =>
      expect((await app.conditions()).filter((line) => line.startsWith("DeletionError"))).toEqual([
        "DeletionError: Application/<hub>/<app>: its objects cannot be deleted: spec.destination.server https://nowhere.example is not a known cluster; known are https://kubernetes.default.svc; to leave the objects where they are, remove resources-finalizer.argocd.argoproj.io from metadata.finalizers",
      ]),
    );
    await app.patch({ metadata: { finalizers: null } });
    await gone(app);
  });

  it("in the middle of its sync ends the sync and leaves nothing behind", async ({ create }) => {
    const app = await create("middle", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": [
          configMap("a"),
          deployment("stuck", {
            template: {
              metadata: { labels: { app: "stuck" }, annotations: { "mooring.dev/simulate": "not-ready" } },
              spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
            },
          }),
          configMap("later", {}, { annotations: argo({ "sync-wave": "1" }) }),
        ],
      },
    });
    await eventually(async () => expect(await app.live("apps/deployments/stuck")).toBeDefined());
    await app.remove();
    await gone(app);
    expect(await left(app, ["configmaps/a", "apps/deployments/stuck", "configmaps/later"])).toEqual([]);
  });
});
