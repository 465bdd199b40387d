import { describe, expect } from "vitest";
import { viewString } from "#core/object/index.ts";
import type { TestApplication } from "./application.ts";
import {
  argo,
  callApi,
  configMap,
  createProject,
  deployment,
  eventually,
  gone,
  it,
  job,
  newHub,
  plainIt,
  type TestHub,
} from "./fixture.ts";
import { createLeapingClock } from "./leaping-clock.ts";

const cascade = "resources-finalizer.argocd.argoproj.io";

/** Says on whom an application depends. */
async function dependsOn(app: TestApplication, ...others: readonly string[]): Promise<void> {
  await app.patch({ metadata: { annotations: { "mooring.dev/depends-on": others.join(", ") } } });
}

async function aboutDependencies(app: TestApplication): Promise<readonly string[]> {
  return (await app.conditions()).filter((line) => line.startsWith("Dependency"));
}

/** Nobody looks at an application but for a reason. */
async function neverPoll(hub: TestHub): Promise<void> {
  await hub.create({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", labels: { "app.kubernetes.io/part-of": "argocd" } },
    data: { "timeout.reconciliation": "0" },
  });
}

async function admit(hub: TestHub, project: string, dependents: string): Promise<void> {
  await callApi(hub.access, {
    method: "PATCH",
    path: `/apis/argoproj.io/v1alpha1/namespaces/${hub.namespace}/appprojects/${project}`,
    contentType: "application/merge-patch+json",
    body: { metadata: { annotations: { "mooring.dev/dependents": dependents } } },
  });
}

/** A Deployment whose pods never become ready. */
const stuck = (name: string) =>
  deployment(name, {
    template: {
      metadata: { labels: { app: name }, annotations: { "mooring.dev/simulate": "not-ready" } },
      spec: { containers: [{ name: "main", image: "registry.example/web:1" }] },
    },
  });

describe("an application that depends on another", () => {
  plainIt("is synced when that one is synced and healthy, without polling", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    await neverPoll(hub);
    await hub.start();
    const db = await hub.app("db", { files: { "a.yaml": configMap("db") } });
    await db.waitFor(async () => expect(await db.state()).toBe("OutOfSync Missing"));
    const web = await hub.app("web", { files: { "a.yaml": configMap("web") } });
    await dependsOn(web, db.name);
    await web.patch({ spec: { syncPolicy: { automated: {} } } });
    await web.waitFor(async () =>
      expect(await aboutDependencies(web)).toEqual([
        `DependencyWarning: Application/<hub>/<app>: automated sync waits for Application/<hub>/${db.name} (OutOfSync, Missing), since <time>; to go ahead run: mooring app sync <app> --ignore-dependencies`,
      ]),
    );
    expect(await web.live("configmaps/web")).toBeUndefined();
    expect((await web.read()).operation).toBeUndefined();
    await db.sync();
    await web.synced();
    expect(await web.conditions()).toEqual([]);
  });

  it("is not let go by what that one was before the commit", async ({ create }) => {
    const files = (version: string) => ({
      "db/a.yaml": [
        configMap("schema", { version }),
        // The wave that is new keeps the dependency from being done.
        ...(version === "2" ? [job("migrate", "sleep 2", { annotations: argo({ "sync-wave": "1" }) })] : []),
      ],
      "web/a.yaml": configMap("web", { version }),
    });
    const db = await create("db", { automated: true, files: files("1"), source: { path: "db" } });
    await db.synced();
    const { repository, namespace } = db;
    const web = await create("web", { repository, namespace, automated: true, source: { path: "web" } });
    await web.synced();
    await dependsOn(web, db.name);
    await web.push(files("2"));
    await web.waitFor(async () => expect((await aboutDependencies(web)).join()).toContain(db.name));
    expect((await web.live("configmaps/web"))?.["data"]).toEqual({ version: "1" });
    await web.synced();
    const [first, second] = [await db.status(), await web.status()];
    expect(first.sync?.revision).toBe(second.sync?.revision);
    const migrated = await web.live("batch/jobs/migrate");
    const done = Date.parse(viewString(migrated, "status", "completionTime") ?? "");
    expect(Date.parse(second.operationState?.startedAt ?? "")).toBeGreaterThanOrEqual(done);
  });

  it("is synced after a commit that changes nothing for that one", async ({ create }) => {
    const files = (version: string) => ({
      "db/a.yaml": configMap("schema"),
      "web/a.yaml": configMap("web", { version }),
    });
    const db = await create("db", { automated: true, files: files("1"), source: { path: "db" } });
    await db.synced();
    const { repository, namespace } = db;
    const web = await create("web", { repository, namespace, automated: true, source: { path: "web" } });
    await web.synced();
    await dependsOn(web, db.name);
    await web.push(files("2"));
    await web.synced();
    expect((await web.live("configmaps/web"))?.["data"]).toEqual({ version: "2" });
  });

  it("is still healed while that one is degraded, but gets no new commit", async ({ create }) => {
    const db = await create("db", { automated: true, files: { "a.yaml": configMap("db") } });
    const web = await create("web", {
      automated: { selfHeal: true },
      files: { "a.yaml": configMap("web", { k: "1" }) },
    });
    await dependsOn(web, db.name);
    await Promise.all([db.synced(), web.synced()]);
    await db.push({ "a.yaml": configMap("db"), "b.yaml": stuck("slow") });
    await db.waitFor(({ status }) => expect(status?.health?.status).toBe("Progressing"));
    await web.patchLive("configmaps/web", { data: { k: "by hand" } });
    await eventually(async () => expect((await web.live("configmaps/web"))?.["data"]).toEqual({ k: "1" }));
    await web.push({ "a.yaml": configMap("web", { k: "2" }) });
    await web.waitFor(async () =>
      expect((await aboutDependencies(web)).join()).toContain(`${db.name} (Progressing`),
    );
    await db.push({ "a.yaml": configMap("db") });
    await web.waitFor(async () => expect((await aboutDependencies(web)).join()).toContain("(OutOfSync"));
    expect((await web.live("configmaps/web"))?.["data"]).toEqual({ k: "1" });
    await db.sync({ prune: true });
    await web.synced();
    expect((await web.live("configmaps/web"))?.["data"]).toEqual({ k: "2" });
  });

  it("is told when its dependency is missing or goes away, and goes on when it is back", async ({
    create,
    hub,
  }) => {
    const project = await createProject(hub, "shop", {});
    const spec = { project };
    const web = await create("web", { spec, files: { "a.yaml": configMap("web") } });
    const later = await create("later", { spec, automated: true, files: { "a.yaml": configMap("l") } });
    await later.synced();
    const { spec: again } = await later.read();
    await later.remove();
    await gone(later);
    await dependsOn(web, later.name);
    await web.patch({ spec: { syncPolicy: { automated: {} } } });
    const missing = `DependencyError: Application/<hub>/<app>: annotation mooring.dev/depends-on: Application/<hub>/${later.name} does not exist, or is not for applications of project "${project}" to depend on; create it, correct the annotation, or let the project in with annotation mooring.dev/dependents of its AppProject; no new revision is synced until then`;
    await web.waitFor(async () => expect(await web.conditions()).toEqual([missing]));
    expect(await web.live("configmaps/web")).toBeUndefined();
    const metadata = { name: later.name, namespace: hub.namespace };
    const application = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata };
    await hub.create({ ...application, spec: structuredClone(again) as never });
    await web.synced();
    await later.remove();
    await web.waitFor(async () => expect(await web.conditions()).toEqual([missing]));
  });

  it("does not begin while they depend on each other, and the way round is named on each", async ({
    create,
  }) => {
    const names = ["a", "b", "c"];
    const apps = await Promise.all(
      names.map((name) => create(name, { files: { "a.yaml": configMap(name) } })),
    );
    const [a, b, c] = apps as [TestApplication, TestApplication, TestApplication];
    await dependsOn(a, b.name);
    await dependsOn(b, c.name);
    await dependsOn(c, a.name);
    for (const app of apps) await app.patch({ spec: { syncPolicy: { automated: {} } } });
    const circle = (...way: readonly TestApplication[]) =>
      `it depends on itself: ${way.map(({ name }) => `<hub>/${name}`).join(" → ")};`;
    const said = async (app: TestApplication) =>
      (await aboutDependencies(app)).join().replaceAll("Application/", "").replaceAll("<app>", app.name);
    await a.waitFor(async () => expect(await said(a)).toContain(circle(a, b, c, a)));
    await b.waitFor(async () => expect(await said(b)).toContain(circle(b, c, a, b)));
    await c.waitFor(async () => expect(await said(c)).toContain(circle(c, a, b, c)));
    expect(await a.live("configmaps/a")).toBeUndefined();
    await dependsOn(c, c.name);
    await c.waitFor(async () => expect(await said(c)).toContain(circle(c, c)));
    await c.patch({ metadata: { annotations: { "mooring.dev/depends-on": null } } });
    await Promise.all(apps.map((app) => app.synced()));
    expect(await Promise.all(apps.map((app) => app.conditions()))).toEqual([[], [], []]);
  });

  it("of another project needs that project's leave, and learns nothing without", async ({ create, hub }) => {
    const [theirs, ours] = [await createProject(hub, "theirs", {}), await createProject(hub, "ours", {})];
    const db = await create("db", { spec: { project: theirs }, files: { "a.yaml": configMap("db") } });
    const web = await create("web", { spec: { project: ours }, files: { "a.yaml": configMap("web") } });
    await dependsOn(web, db.name, "nobody");
    await web.patch({ spec: { syncPolicy: { automated: {} } } });
    await web.waitFor(async () => {
      const [first = "", second = "", ...more] = await aboutDependencies(web);
      expect(more).toEqual([]);
      expect(first.replace(db.name, "<name>")).toBe(second.replace("nobody", "<name>"));
    });
    await dependsOn(web, db.name);
    await admit(hub, theirs, "others, ours-*");
    await web.waitFor(async () =>
      expect((await aboutDependencies(web)).join()).toContain(`${db.name} (OutOfSync, Missing)`),
    );
    await db.sync();
    await web.synced();
  });
});

describe("a sync that somebody asks for", () => {
  it("waits, says so, can be ended, and goes ahead when told to", async ({ create }) => {
    const db = await create("db", { files: { "a.yaml": configMap("db") } });
    const web = await create("web", { files: { "a.yaml": configMap("web") } });
    await dependsOn(web, db.name);
    await web.startSync();
    await web.waitFor(async ({ status }) => {
      expect(status?.operationState?.phase).toBe("Running");
      expect(web.plain(status?.operationState?.message ?? "")).toBe(
        `waiting for dependencies: Application/<hub>/${db.name} (OutOfSync, Missing), since <time>; to stop it run: mooring app terminate-op <app>; to go ahead run after that: mooring app sync <app> --ignore-dependencies`,
      );
    });
    await web.patch({ status: { operationState: { phase: "Terminating" } } });
    await web.waitFor(({ operation, status }) => {
      expect(operation).toBeUndefined();
      expect(status?.operationState?.message).toBe("Operation terminated");
    });
    expect(await web.live("configmaps/web")).toBeUndefined();
    expect(await web.sync({ dryRun: true })).toMatch(/^Succeeded/u);
    expect(await web.sync({ syncOptions: ["IgnoreDependencies=true"] })).toMatch(/^Succeeded/u);
    expect(await web.live("configmaps/web")).toBeDefined();
  });

  it("begins when the dependency is there, also after a restart of the controller", async ({
    create,
    hub,
  }) => {
    const db = await create("db", { files: { "a.yaml": configMap("db") } });
    const web = await create("web", { files: { "a.yaml": configMap("web") } });
    await dependsOn(web, db.name);
    await web.startSync();
    const waits = ({ status }: Awaited<ReturnType<typeof web.read>>) =>
      expect(status?.operationState?.message).toContain("waiting for dependencies");
    await web.waitFor(waits);
    await hub.stop();
    await hub.start();
    await web.waitFor(waits);
    await db.sync();
    await web.waitFor(({ operation }) => expect(operation).toBeUndefined());
    expect(await web.lastResult()).toMatch(/^Succeeded/u);
    expect((await web.status()).history).toHaveLength(1);
  });
});

describe("applications that are deleted together", () => {
  it("go after those that depend on them", async ({ create, hub }) => {
    const settings = { automated: true, finalizers: [cascade] };
    const db = await create("db", { ...settings, files: { "a.yaml": configMap("db") } });
    const web = await create("web", { ...settings, files: { "a.yaml": configMap("web") } });
    await Promise.all([db.synced(), web.synced()]);
    const child = async (app: TestApplication, annotations: Readonly<Record<string, string>>) => {
      const { apiVersion, kind, spec } = await app.read();
      const metadata = { name: app.name, namespace: hub.namespace, finalizers: [cascade], annotations };
      return { apiVersion, kind, metadata, spec: structuredClone(spec) as never };
    };
    const parent = await create("parent", {
      ...settings,
      files: { "a.yaml": [await child(db, {}), await child(web, { "mooring.dev/depends-on": db.name })] },
    });
    await parent.synced();
    await web.patchLive("configmaps/web", { metadata: { finalizers: ["example.com/hold"] } });
    await parent.remove();
    await db.waitFor(async () =>
      expect((await db.conditions()).join()).toContain(
        `waiting for the deletion of Application/<hub>/${web.name}, which depends on it, until <time> at the latest`,
      ),
    );
    expect(await db.live("configmaps/db")).toBeDefined();
    await web.patchLive("configmaps/web", { metadata: { finalizers: null } });
    await Promise.all([gone(parent), gone(db), gone(web)]);
    expect(await db.live("configmaps/db")).toBeUndefined();
  });

  plainIt("do not wait for ever for one that hangs", async ({ onTestFinished }) => {
    const hub = await newHub({ onTestFinished });
    const clock = createLeapingClock();
    await hub.start({ clock });
    const settings = { automated: true, finalizers: [cascade] };
    const db = await hub.app("db", { ...settings, files: { "a.yaml": configMap("db") } });
    const web = await hub.app("web", { ...settings, files: { "a.yaml": configMap("web") } });
    await dependsOn(web, db.name);
    await Promise.all([db.synced(), web.synced()]);
    await web.patchLive("configmaps/web", { metadata: { finalizers: ["example.com/hold"] } });
    await web.remove();
    await db.remove();
    await db.waitFor(async () => expect((await db.conditions()).join()).toContain("which depends on it"));
    clock.leap(10 * 60_000);
    await gone(db);
    expect(await db.live("configmaps/db")).toBeUndefined();
    expect((await web.read()).metadata.deletionTimestamp).toBeDefined();
    await web.patchLive("configmaps/web", { metadata: { finalizers: null } });
    await gone(web);
  });

  it("do not wait for one that stays", async ({ create }) => {
    const db = await create("db", {
      automated: true,
      finalizers: [cascade],
      files: { "a.yaml": configMap("db") },
    });
    const web = await create("web", { files: { "a.yaml": configMap("web") } });
    await dependsOn(web, db.name);
    await db.synced();
    await db.remove();
    await gone(db);
    expect(await db.live("configmaps/db")).toBeUndefined();
  });
});
