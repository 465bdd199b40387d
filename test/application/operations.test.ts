import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { argo, callApi, configMap, deployment, eventually, it, job } from "./fixture.ts";

const succeeded = "Succeeded: successfully synced (all tasks run)";

describe("an operation that a client asks for", () => {
  it("rolls back to the revision it names, and the application is out of sync with its branch", async ({
    create,
  }) => {
    const app = await create("rollback", { files: { "a.yaml": configMap("a", { k: "1" }) } });
    const first = await app.repository.git("rev-parse", "main");
    await app.sync();
    const second = await app.push({ "a.yaml": configMap("a", { k: "2" }) });
    await app.sync();
    expect(await app.sync({ revision: first })).toBe(
      [succeeded, "ConfigMap/a Synced: configmap/a configured"].join("\n"),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ k: "1" });
    const { history, sync } = await app.status();
    expect(history?.map(({ revision }) => revision)).toEqual([first, second, first]);
    expect([sync?.status, sync?.revision]).toEqual(["OutOfSync", second]);
  });

  it("syncs only the resources it names, and that is no deployment", async ({ create }) => {
    const app = await create("selected", { files: { "a.yaml": [configMap("a"), configMap("b")] } });
    expect(await app.sync({ resources: [{ group: "", kind: "ConfigMap", name: "b" }] })).toBe(
      [succeeded, "ConfigMap/b Synced: configmap/b created"].join("\n"),
    );
    expect(await app.live("configmaps/a")).toBeUndefined();
    const { history, sync } = await app.status();
    expect([history, sync?.status]).toEqual([undefined, "OutOfSync"]);
  });

  it("changes nothing when it is a dry run", async ({ create }) => {
    const app = await create("dry", { files: { "a.yaml": configMap("a"), "b.yaml": configMap("b") } });
    await app.sync();
    await app.push({ "a.yaml": configMap("a", { k: "1" }), "c.yaml": configMap("c") });
    expect(await app.sync({ dryRun: true, prune: true })).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/a Synced: configmap/a configured (dry run)",
        "ConfigMap/b Pruned: pruned (dry run)",
        "ConfigMap/c Synced: configmap/c created (dry run)",
      ].join("\n"),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toBeUndefined();
    expect(await app.live("configmaps/b")).toBeDefined();
    expect(await app.live("configmaps/c")).toBeUndefined();
    expect((await app.status()).history).toHaveLength(1);
  });

  it("is tried again as its retry policy says", async ({ create, hub }) => {
    const name = `later-${randomBytes(4).toString("hex")}`;
    const app = await create("retry", { namespace: name, files: { "a.yaml": configMap("a") } });
    await app.startSync({}, { retry: { limit: 3, backoff: { duration: "1s", factor: 1 } } });
    await app.waitFor(({ status }) => {
      expect(status?.operationState?.phase).toBe("Running");
      expect(app.plain(status?.operationState?.message ?? "")).toBe(
        "one or more objects failed to apply, reason: ConfigMap/<namespace>/a: namespace <namespace> does not exist; create it, or set sync option CreateNamespace=true where it is the application's destination. Retrying attempt #1 at <time>.",
      );
    });
    await callApi(hub.access, {
      method: "POST",
      path: "/api/v1/namespaces",
      body: { metadata: { name } },
    });
    await app.synced();
    expect(await app.lastResult()).toBe([succeeded, "ConfigMap/a Synced: configmap/a created"].join("\n"));
    expect((await app.status()).operationState?.retryCount).toBeGreaterThan(0);
    await callApi(hub.access, { method: "DELETE", path: `/api/v1/namespaces/${name}` });
  });

  it("ends with the last failure when its retries are used up, and without a policy at once", async ({
    create,
  }) => {
    const files = { "a.yaml": configMap("a", {}, { namespace: "no-such-namespace" }) };
    const [retried, once] = await Promise.all([create("usedup", { files }), create("once", { files })]);
    const failed = /^Failed: one or more objects failed to apply, reason: ConfigMap\/no-such-namespace\/a: /u;
    const retry = { limit: 2, backoff: { duration: "100ms", factor: 1 } };
    expect(await retried.sync({}, { retry })).toMatch(failed);
    expect((await retried.status()).operationState?.retryCount).toBe(2);
    expect(await once.sync()).toMatch(failed);
    expect((await once.status()).operationState?.retryCount).toBeUndefined();
  });

  it("is recorded with who asked for it, and deploys the source that it names in place of the spec's", async ({
    create,
  }) => {
    const app = await create("other-source", {
      files: { "a.yaml": configMap("a"), "other/b.yaml": configMap("b") },
    });
    const source = { repoURL: app.repository.url, path: "other", targetRevision: "main" };
    expect(await app.sync({ source })).toBe(
      [succeeded, "ConfigMap/b Synced: configmap/b created"].join("\n"),
    );
    const { history, sync } = await app.status();
    expect(history?.map((entry) => [entry.source?.path, entry.initiatedBy])).toEqual([
      ["other", { username: "ada" }],
    ]);
    expect(sync?.status).toBe("OutOfSync");
  });

  it.for(["apply", "hook"] as const)(
    "with syncStrategy %s and force creates anew what cannot be changed; hooks are run by the second alone",
    async (strategy, { create }) => {
      const files = (command: string) => ({
        "a.yaml": job("once", command),
        "b.yaml": job("before", "true", { annotations: argo({ hook: "PreSync" }) }),
      });
      const app = await create(strategy, { files: files("true") });
      await app.sync();
      await app.push(files("echo again"));
      const before = await app.live("batch/jobs/before");
      expect(await app.sync({ syncStrategy: { [strategy]: { force: true } } })).toContain(
        "Job/once Synced: job.batch/once created",
      );
      const after = await app.live("batch/jobs/before");
      expect(after?.metadata.uid === before?.metadata.uid).toBe(strategy === "apply");
    },
  );
});

describe("the history", () => {
  it("keeps as many revisions as the spec says", async ({ create }) => {
    const app = await create("history", {
      spec: { revisionHistoryLimit: 2 },
      files: { "a.yaml": configMap("a", { k: "0" }) },
    });
    for (const k of ["1", "2", "3"]) {
      await app.commit({ "a.yaml": configMap("a", { k }) });
      await app.sync();
    }
    expect((await app.status()).history?.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe("a refresh", () => {
  it("finds the new commit at once, normal or hard, and takes its annotation off", async ({ create }) => {
    const app = await create("refresh", { files: { "a.yaml": configMap("a") } });
    for (const kind of ["normal", "hard"] as const) {
      const commit = await app.commit({ "a.yaml": configMap("a", { kind }) });
      await app.refresh(kind);
      expect((await app.status()).sync?.revision).toBe(commit);
    }
  });

  it("does not reach an application that is left alone", async ({ create }) => {
    const app = await create("skipped", { automated: true, files: { "a.yaml": configMap("a") } });
    await app.synced();
    await app.patch({ metadata: { annotations: argo({ "skip-reconcile": "true" }) } });
    const before = (await app.status()).reconciledAt;
    await app.commit({ "a.yaml": configMap("a", { k: "1" }) });
    await app.patch({ metadata: { annotations: argo({ refresh: "normal" }) } });
    const other = await create("other", { automated: true, files: { "a.yaml": configMap("a") } });
    await other.synced();
    expect((await app.status()).reconciledAt).toBe(before);
    await app.patch({ metadata: { annotations: argo({ "skip-reconcile": "false" }) } });
    await app.synced();
  });
});

describe("sync options", () => {
  it("Replace=true puts what Git has in the place of the whole object", async ({ create }) => {
    const replaced = (k: string) =>
      configMap("a", { k }, { annotations: argo({ "sync-options": "Replace=true" }) });
    const app = await create("replace", { files: { "a.yaml": replaced("1") } });
    await app.sync();
    await app.patchLive("configmaps/a", { data: { theirs: "gone after a replace" } });
    await app.push({ "a.yaml": replaced("2") });
    const before = await app.live("configmaps/a");
    expect(await app.sync()).toMatch(/^Succeeded/u);
    const after = await app.live("configmaps/a");
    expect([after?.["data"], after?.metadata.uid]).toEqual([{ k: "2" }, before?.metadata.uid]);
    expect(await app.state()).toBe("Synced Healthy");
  });

  it("Replace=true with Force=true creates anew what cannot be changed", async ({ create }) => {
    const anew = { annotations: argo({ "sync-options": "Replace=true,Force=true" }) };
    const app = await create("force", { files: { "a.yaml": deployment("web", {}, anew) } });
    await app.sync();
    const before = await app.live("apps/deployments/web");
    const labels = { app: "web", tier: "front" };
    const changed = deployment("web").spec;
    await app.push({
      "a.yaml": deployment(
        "web",
        { selector: { matchLabels: labels }, template: { ...changed.template, metadata: { labels } } },
        anew,
      ),
    });
    expect(await app.sync()).toBe(
      [succeeded, "Deployment/web Synced: deployment.apps/web created"].join("\n"),
    );
    const after = await app.live("apps/deployments/web");
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    await app.waitFor(async () => expect(await app.state()).toBe("Synced Healthy"));
  });

  it("TakeOwnership=true moves an object from another application", async ({ create }) => {
    const first = await create("first", {
      automated: true,
      files: { "a.yaml": configMap("a", { by: "first" }) },
    });
    await first.synced();
    const second = await create("second", {
      namespace: first.namespace,
      syncOptions: ["TakeOwnership=true"],
      files: { "a.yaml": configMap("a", { by: "second" }) },
    });
    expect(await second.sync()).toMatch(/^Succeeded/u);
    expect((await first.live("configmaps/a"))?.["data"]).toEqual({ by: "second" });
    await first.waitFor(async () =>
      expect(await first.conditions()).toEqual([
        `SharedResourceWarning: ConfigMap/<namespace>/a is part of applications <app> and ${second.name}; remove it from one of the two, or take it over with sync option TakeOwnership=true`,
      ]),
    );
  });

  it("ApplyOutOfSyncOnly=true leaves what is in sync out of the result's work", async ({ create }) => {
    const app = await create("partial", {
      syncOptions: ["ApplyOutOfSyncOnly=true"],
      files: { "a.yaml": [configMap("a"), configMap("b")] },
    });
    await app.sync();
    await app.push({ "a.yaml": [configMap("a", { k: "1" }), configMap("b")] });
    expect(await app.sync()).toBe(
      [
        succeeded,
        "ConfigMap/a Synced: configmap/a configured",
        "ConfigMap/b Synced: configmap/b unchanged",
      ].join("\n"),
    );
    await eventually(async () => expect(await app.state()).toBe("Synced Healthy"));
    expect((await app.status()).history).toHaveLength(2);
  });
});
