import { rename } from "node:fs/promises";
import { describe, expect } from "vitest";
import {
  argo,
  configMap,
  eventually,
  gone,
  it,
  job,
  newHub,
  plainIt,
  type TestApplication,
} from "./fixture.ts";

const cascade = "resources-finalizer.argocd.argoproj.io";
const preDelete = "pre-delete-finalizer.argocd.argoproj.io";
const postDelete = "post-delete-finalizer.argocd.argoproj.io";

const hook = (type: string, more: Readonly<Record<string, string>> = {}) => ({
  annotations: argo({ hook: type, ...more }),
});

async function finalizersOf(app: TestApplication): Promise<readonly string[]> {
  return (await app.read()).metadata.finalizers ?? [];
}

const created = async (app: TestApplication, path: string) =>
  eventually(async () => {
    const object = await app.live(path);
    expect(object).toBeDefined();
    return object;
  });

describe("an application with hooks on deletion", () => {
  it("is held by their finalizers as long as Git has them", async ({ create }) => {
    const app = await create("held", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": job("before", "true", hook("PreDelete")),
        "c.yaml": job("after", "true", { annotations: { "helm.sh/hook": "post-delete" } }),
      },
    });
    await app.synced();
    expect(await finalizersOf(app)).toEqual([
      cascade,
      preDelete,
      `${preDelete}/cleanup`,
      postDelete,
      `${postDelete}/cleanup`,
    ]);
    expect(await app.live("batch/jobs/before")).toBeUndefined();
    await app.push({
      "a.yaml": configMap("a"),
      "b.yaml": job("before", "true", hook("PreDelete")),
      "c.yaml": null,
    });
    await app.waitFor(async () =>
      expect(await finalizersOf(app)).toEqual([cascade, preDelete, `${preDelete}/cleanup`]),
    );
    await app.push({ "a.yaml": configMap("a"), "b.yaml": null });
    await app.waitFor(async () => expect(await finalizersOf(app)).toEqual([cascade]));
  });

  it("runs PreDelete hooks before anything is deleted, and PostDelete hooks when all is gone", async ({
    create,
  }) => {
    const app = await create("around", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": [
          configMap(
            "settings",
            {},
            hook("PreDelete", { "sync-wave": "-1", "hook-delete-policy": "HookSucceeded" }),
          ),
          job("before", "sleep 1", hook("PreDelete", { "hook-delete-policy": "HookSucceeded" })),
        ],
        "c.yaml": job("after", "sleep infinity", hook("PostDelete")),
      },
    });
    await app.synced();
    await app.remove();
    const before = await created(app, "batch/jobs/before");
    expect(before?.metadata.annotations?.["mooring.dev/deletion-hook-run"]).toMatch(
      /^PreDelete-\d+-[0-9a-f]{16}$/u,
    );
    expect(await app.live("configmaps/settings")).toBeDefined();
    expect((await app.live("configmaps/a"))?.metadata.deletionTimestamp).toBeUndefined();
    await created(app, "batch/jobs/after");
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect([await app.live("batch/jobs/before"), await app.live("configmaps/settings")]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await finalizersOf(app)).toEqual([postDelete, `${postDelete}/cleanup`]);
    // A hook that hangs is corrected in Git.
    await app.commit({ "c.yaml": job("after", "true", hook("PostDelete")) });
    await app.patch({ metadata: { annotations: argo({ refresh: "normal" }) } });
    await gone(app);
    const after = await app.live("batch/jobs/after");
    expect(after?.metadata).toMatchObject({ name: "after" });
    expect(after?.metadata.finalizers).toBeUndefined();
  });

  it("runs its hooks when its objects are to stay, too", async ({ create }) => {
    const app = await create("stay", {
      automated: true,
      files: { "a.yaml": configMap("a"), "b.yaml": job("before", "true", hook("PreDelete")) },
    });
    await app.synced();
    await app.remove();
    await gone(app);
    expect(await app.live("configmaps/a")).toBeDefined();
    expect((await app.live("batch/jobs/before"))?.metadata.finalizers).toBeUndefined();
  });

  it("runs hooks with generateName, and hooks that remove themselves, once", async ({ create }) => {
    const base = job("", "true", { ...hook("PreDelete"), generateName: "before-" });
    const app = await create("generated", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": { ...base, spec: { ...base.spec, ttlSecondsAfterFinished: 0 } },
      },
    });
    await app.synced();
    await app.remove();
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("is kept when a PreDelete hook fails, says why, and goes on when the hook is corrected", async ({
    create,
  }) => {
    const files = { "a.yaml": configMap("a"), "b.yaml": job("before", "exit 1", hook("PreDelete")) };
    const app = await create("failing", { automated: true, finalizers: [cascade], files });
    await app.synced();
    await app.remove();
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "DeletionError: Application/<hub>/<app>: PreDelete hook failed: batch/Job/before is Degraded: Job has reached the specified backoff limit; correct it in Git, or delete the failed object to run it again; to go on without these hooks, remove pre-delete-finalizer.argocd.argoproj.io from metadata.finalizers",
      ]),
    );
    expect((await app.live("configmaps/a"))?.metadata.deletionTimestamp).toBeUndefined();
    await app.commit({ ...files, "b.yaml": job("before", "true", hook("PreDelete")) });
    await app.patch({ metadata: { annotations: argo({ refresh: "normal" }) } });
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("goes on without a failed hook when its finalizer is taken off", async ({ create }) => {
    const app = await create("letgo", {
      automated: true,
      finalizers: [cascade],
      files: { "a.yaml": configMap("a"), "b.yaml": job("before", "exit 1", hook("PreDelete")) },
    });
    await app.synced();
    await app.remove();
    await app.waitFor(async () => expect((await app.conditions()).join()).toContain("PreDelete hook failed"));
    await app.patch({ metadata: { finalizers: [cascade, `${preDelete}/cleanup`] } });
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
  });

  it("runs its hooks as Git last wanted them while its repository is gone", async ({ create }) => {
    const app = await create("nogit", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": job("before", "true", hook("PreDelete")),
        "c.yaml": job("after", "true", hook("PostDelete")),
      },
    });
    await app.synced();
    await rename(app.repository.directory, `${app.repository.directory}.gone`);
    await app.remove();
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect(await app.live("batch/jobs/after")).toBeDefined();
  });

  it("runs its hooks as Git last wanted them when what it wants now cannot be rendered, after a restart, too", async ({
    create,
    hub,
  }) => {
    const app = await create("broken", {
      automated: true,
      finalizers: [cascade],
      files: { "a.yaml": configMap("a"), "b.yaml": job("after", "true", hook("PostDelete")) },
    });
    await app.synced();
    await app.push({ "a.yaml": "apiVersion: v1\nkind: {" });
    await app.waitFor(async () => expect((await app.conditions()).join()).toContain("ComparisonError"));
    await hub.stop();
    await hub.start();
    await app.remove();
    await gone(app);
    expect([await app.live("configmaps/a"), await app.live("batch/jobs/after")]).toEqual([
      undefined,
      expect.anything(),
    ]);
  });

  it("says what its deletion waits for", async ({ create }) => {
    const app = await create("waits", {
      automated: true,
      finalizers: [cascade],
      files: { "a.yaml": configMap("a"), "b.yaml": job("before", "sleep infinity", hook("PreDelete")) },
    });
    await app.synced();
    await app.remove();
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "DeletionWarning: waiting for completion of PreDelete hook batch/Job/before, deleting since <time>; to go on without these hooks, remove pre-delete-finalizer.argocd.argoproj.io from metadata.finalizers",
      ]),
    );
    await app.patch({ metadata: { finalizers: null } });
    await gone(app);
  });
});

describe("a deletion that is interrupted", () => {
  plainIt("goes on after kill -9 and runs no hook twice", async (context) => {
    const hub = await newHub(context);
    let controller = hub.startProcess();
    await controller.ready;
    const app = await hub.app("killed", {
      automated: true,
      finalizers: [cascade],
      files: {
        "a.yaml": configMap("a"),
        "b.yaml": [
          job("first", "true", hook("PreDelete", { "sync-wave": "-1" })),
          job("second", "sleep 3", hook("PreDelete")),
        ],
        "c.yaml": job("after", "true", hook("PostDelete")),
      },
    });
    await app.synced();
    await app.remove();
    await created(app, "batch/jobs/second");
    const first = await created(app, "batch/jobs/first");
    await controller.kill();
    controller = hub.startProcess();
    await controller.ready;
    await created(app, "batch/jobs/second");
    expect((await app.live("batch/jobs/first"))?.metadata.uid).toBe(first?.metadata.uid);
    await gone(app);
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect((await app.live("batch/jobs/after"))?.metadata.finalizers).toBeUndefined();
    await controller.kill();
  });
});
