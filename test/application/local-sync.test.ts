import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { argo, configMap, it, job, newHub, plainIt } from "./fixture.ts";

const manifests = (...objects: readonly JsonObject[]) => objects.map((one) => JSON.stringify(one));

describe("a sync of manifests that a client sends", () => {
  it("applies them in place of what Git has, in no history, and the next sync goes back to Git", async ({
    create,
  }) => {
    const app = await create("local", {
      files: { "a.yaml": configMap("a", { from: "git" }), "b.yaml": configMap("b") },
    });
    await app.sync();
    await app.synced();
    const sent = manifests(configMap("a", { from: "here" }), configMap("new"));
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: written\n";
    expect(await app.sync({ manifests: [...sent, yaml] })).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/a Synced: configmap/a configured",
        "ConfigMap/b PruneSkipped: ignored (requires pruning)",
        "ConfigMap/new Synced: configmap/new created",
        "ConfigMap/written Synced: configmap/written created",
      ].join("\n"),
    );
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ from: "here" });
    const created = await app.live("configmaps/new");
    expect(created?.metadata.annotations).toMatchObject({
      "argocd.argoproj.io/tracking-id": expect.stringContaining(`${app.name}:/ConfigMap:`) as string,
    });
    await app.waitFor(async () => expect(await app.state()).toBe("OutOfSync Healthy"));
    const { history, operationState, resources } = await app.status();
    expect(history).toHaveLength(1);
    expect(operationState?.syncResult?.revision).toBe("");
    expect(operationState?.operation.sync?.manifests).toEqual([
      "# 3 manifests, left out when the sync ended",
    ]);
    expect(resources?.map(({ name, status, requiresPruning }) => [name, status, requiresPruning])).toEqual([
      ["a", "OutOfSync", undefined],
      ["b", "Synced", undefined],
      ["new", "OutOfSync", true],
      ["written", "OutOfSync", true],
    ]);
    await app.sync({ prune: true });
    await app.synced();
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ from: "git" });
    expect([await app.live("configmaps/new"), await app.live("configmaps/written")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("prunes what they leave out when it is asked to, and changes nothing in a dry run", async ({
    create,
  }) => {
    const app = await create("localprune", { files: { "a.yaml": [configMap("a"), configMap("b")] } });
    await app.sync();
    await app.synced();
    const sync = { manifests: manifests(configMap("a")), prune: true };
    expect(await app.sync({ ...sync, dryRun: true })).toContain("ConfigMap/b Pruned: pruned (dry run)");
    expect(await app.live("configmaps/b")).toBeDefined();
    expect(await app.sync(sync)).toContain("ConfigMap/b Pruned: pruned");
    expect(await app.live("configmaps/b")).toBeUndefined();
  });

  it("is held to the rules of the project, and names what is wrong", async ({ create, hub }) => {
    const project = `rules-${randomBytes(3).toString("hex")}`;
    await hub.create({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: project },
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
      },
    });
    const app = await create("localrules", { spec: { project }, files: { "a.yaml": configMap("a") } });
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
    const denied = await app.sync({ manifests: manifests(configMap("a"), secret) });
    expect(denied).toContain("namespaceResourceBlacklist");
    expect(await app.live("configmaps/a")).toBeUndefined();
    expect(await app.sync({ manifests: [...manifests(configMap("a")), "{"] })).toBe(
      "Error: operation.sync.manifests[1]: begins like JSON and is none; correct it, or write YAML in blocks",
    );
  });

  it("is refused with automated sync on, but for a dry run, and where signatures are wanted", async ({
    create,
    hub,
  }) => {
    const sync = { manifests: manifests(configMap("new")) };
    const app = await create("localauto", { automated: true, files: { "a.yaml": configMap("a") } });
    await app.synced();
    expect(await app.sync(sync)).toBe(
      "Error: Application/<hub>/<app>: cannot use local sync when Automatic Sync Policy is enabled unless for dry run; turn it off first with: mooring app set <app> --sync-policy none",
    );
    expect(await app.sync({ ...sync, dryRun: true })).toContain("ConfigMap/new Synced");
    const project = `signed-${randomBytes(3).toString("hex")}`;
    await hub.create({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AppProject",
      metadata: { name: project },
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        signatureKeys: [{ keyID: "4AEE18F83AFDEB23" }],
      },
    });
    const signed = await create("localsigned", { spec: { project }, files: { "a.yaml": configMap("a") } });
    expect(await signed.sync(sync)).toContain(
      "cannot use local sync when signatures are required: spec.signatureKeys of AppProject",
    );
    expect([await app.live("configmaps/new"), await signed.live("configmaps/new")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("is undone by automated sync that is turned on after it", async ({ create }) => {
    const app = await create("localthen", { files: { "a.yaml": configMap("a", { from: "git" }) } });
    await app.sync();
    await app.synced();
    await app.sync({ manifests: manifests(configMap("a", { from: "here" }), configMap("new")) });
    await app.patch({ spec: { syncPolicy: { automated: { prune: true } } } });
    await app.synced();
    expect((await app.live("configmaps/a"))?.["data"]).toEqual({ from: "git" });
    expect(await app.live("configmaps/new")).toBeUndefined();
  });

  it("of more than the status can repeat is applied, and leaves none of it behind", async ({ create }) => {
    const app = await create("locallarge", { files: { "a.yaml": configMap("a") } });
    const big = Array.from({ length: 4 }, (_, i) => configMap(`big-${i}`, { text: "x".repeat(250_000) }));
    const result = await app.sync({ manifests: manifests(...big), syncOptions: ["ServerSideApply=true"] });
    expect(result.split("\n")).toEqual([
      "Succeeded: successfully synced (all tasks run)",
      ...[0, 1, 2, 3].map((i) => `ConfigMap/big-${i} Synced: configmap/big-${i} created`),
    ]);
    expect(JSON.stringify(await app.status())).not.toContain("xxxx");
  });
});

describe("a controller that is restarted under a sync of manifests", () => {
  plainIt(
    "goes on with them, and what it applied is pruned by the next sync",
    async ({ onTestFinished }) => {
      const hub = await newHub({ onTestFinished });
      const app = await hub.app("localrestart", { files: { "a.yaml": configMap("a") } });
      await hub.start();
      const wave = (number: number) => ({ annotations: argo({ "sync-wave": String(number) }) });
      const hook = job("slow", "sleep 4", { annotations: argo({ hook: "Sync", "sync-wave": "1" }) });
      await app.startSync({
        manifests: manifests(configMap("early", {}, wave(0)), hook, configMap("late", {}, wave(2))),
      });
      await app.waitFor(({ status }) =>
        expect(status?.operationState).toMatchObject({
          phase: "Running",
          message: expect.stringContaining("batch/Job/slow") as string,
        }),
      );
      await hub.stop();
      await app.commit({ "a.yaml": configMap("a", { newer: "yes" }) });
      await hub.start();
      await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined());
      expect(await app.lastResult()).toBe(
        [
          "Succeeded: successfully synced (all tasks run)",
          "ConfigMap/early Synced: configmap/early created",
          "ConfigMap/late Synced: configmap/late created",
          "Job/slow Synced: job.batch/slow created, Succeeded",
        ].join("\n"),
      );
      expect(await app.live("configmaps/a")).toBeUndefined();
      expect(await app.sync({ prune: true })).toContain("ConfigMap/early Pruned: pruned");
      await app.synced();
      expect([await app.live("configmaps/early"), await app.live("configmaps/late")]).toEqual([
        undefined,
        undefined,
      ]);
    },
    60_000,
  );

  plainIt(
    "lists what it was about to apply when it was killed, though the operation is taken off",
    async ({ onTestFinished }) => {
      const hub = await newHub({ onTestFinished });
      const app = await hub.app("localkilled", { files: { "a.yaml": configMap("a") } });
      const killed = hub.startProcess();
      await killed.ready;
      const hook = job("slow", "sleep 60", { annotations: argo({ hook: "Sync", "sync-wave": "1" }) });
      await app.startSync({ manifests: manifests(configMap("early"), hook) });
      await app.waitFor(async () => expect(await app.live("batch/jobs/slow")).toBeDefined());
      await killed.kill();
      await app.patch({ operation: null });
      await hub.start();
      await app.waitFor(({ status }) => expect(status?.operationState?.finishedAt).toBeDefined());
      expect(await app.lastResult()).toContain("Failed: Operation terminated");
      await app.waitFor(async () => expect(await app.live("batch/jobs/slow")).toBeUndefined());
      expect(await app.sync({ prune: true })).toContain("ConfigMap/early Pruned: pruned");
      await app.synced();
      expect(await app.live("configmaps/early")).toBeUndefined();
    },
    60_000,
  );
});
