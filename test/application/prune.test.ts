import { describe, expect } from "vitest";
import { argo, callApi, configMap, eventually, it } from "./fixture.ts";

const many = Object.fromEntries(
  Array.from({ length: 24 }, (_, i) => [`m${i}.yaml`, configMap(`m${i}`, { i: String(i) })]),
);

describe("an object that left Git", () => {
  it("is pruned only when pruning is asked for", async ({ create }) => {
    const app = await create("left", { files: { "a.yaml": configMap("old"), "b.yaml": configMap("stays") } });
    await app.sync();
    await app.push({ "b.yaml": configMap("stays") });
    expect(await app.state()).toBe("OutOfSync Healthy");
    expect(await app.sync()).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/old PruneSkipped: ignored (requires pruning)",
        "ConfigMap/stays Synced: configmap/stays unchanged",
      ].join("\n"),
    );
    expect(await app.live("configmaps/old")).toBeDefined();
    expect(await app.sync({ prune: true })).toBe(
      [
        "Succeeded: successfully synced (all tasks run)",
        "ConfigMap/old Pruned: pruned",
        "ConfigMap/stays Synced: configmap/stays unchanged",
      ].join("\n"),
    );
    expect(await app.live("configmaps/old")).toBeUndefined();
    expect(await app.state()).toBe("Synced Healthy");
  });

  it("stays when it opted out of pruning", async ({ create }) => {
    const kept = configMap("kept", {}, { annotations: argo({ "sync-options": "Prune=false" }) });
    const app = await create("kept", {
      automated: { prune: true },
      files: { "a.yaml": configMap("old"), "b.yaml": kept, "c.yaml": configMap("stays") },
    });
    await app.synced();
    await app.push({ "c.yaml": configMap("stays") });
    await app.waitFor(async () =>
      expect(await app.lastResult()).toBe(
        [
          "Succeeded: successfully synced (all tasks run)",
          "ConfigMap/kept PruneSkipped: ignored (no prune)",
          "ConfigMap/old Pruned: pruned",
          "ConfigMap/stays Synced: configmap/stays unchanged",
        ].join("\n"),
      ),
    );
    expect(await app.live("configmaps/kept")).toBeDefined();
    expect(await app.live("configmaps/old")).toBeUndefined();
  });

  it("waits for confirmation when it asks for one", async ({ create }) => {
    const careful = configMap("careful", {}, { annotations: argo({ "sync-options": "Prune=confirm" }) });
    const app = await create("careful", { files: { "a.yaml": careful, "b.yaml": configMap("b") } });
    await app.sync();
    await app.push({ "b.yaml": configMap("b") });
    await app.sync({ prune: true });
    expect(await app.live("configmaps/careful")).toBeDefined();
    await app.patch({
      metadata: { annotations: argo({ "deletion-approved": new Date(Date.now() + 60_000).toISOString() }) },
    });
    await app.sync({ prune: true });
    expect(await app.live("configmaps/careful")).toBeUndefined();
  });
});

describe("pruning", () => {
  it("never touches what the application did not apply", async ({ create, hub }) => {
    const app = await create("mine", { automated: { prune: true }, files: { "a.yaml": configMap("a") } });
    const other = await create("other", {
      automated: { prune: true },
      namespace: app.namespace,
      files: { "b.yaml": configMap("b") },
    });
    await Promise.all([app.synced(), other.synced()]);
    const path = `/api/v1/namespaces/${app.namespace}/configmaps`;
    const tracking = (await app.live("configmaps/a"))?.metadata.annotations;
    const foreign = [configMap("by-hand"), configMap("copied-mark", {}, { annotations: tracking ?? {} })];
    for (const body of foreign) await callApi(hub.access, { method: "POST", path, body });
    await app.push({ "c.yaml": configMap("c") });
    await app.synced();
    expect(await app.live("configmaps/a")).toBeUndefined();
    const survivors = await Promise.all(
      ["by-hand", "copied-mark", "b", "c"].map(
        async (name) => (await app.live(`configmaps/${name}`)) !== undefined,
      ),
    );
    expect(survivors).toEqual([true, true, true, true]);
  });

  it("of most of an application is refused until it is allowed", async ({ create }) => {
    const app = await create("mass", { automated: { prune: true }, files: many });
    await app.synced();
    await app.push({ "m0.yaml": configMap("m0", { i: "0" }) });
    const refusal =
      "one or more synchronization tasks are not valid, reason: application <app>: would prune 23 of its 24 objects, more than 20 and more than 50 % of it; to go on: set sync option AllowMassPrune=true";
    await app.waitFor(async () => expect(await app.lastResult()).toBe(`Failed: ${refusal}`));
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        `SyncError: failed last sync attempt to <commit>: ${refusal}; sync by hand, or commit a change`,
      ]),
    );
    expect(await app.live("configmaps/m23")).toBeDefined();
    await app.sync({ prune: true, syncOptions: ["AllowMassPrune=true"] });
    await app.synced();
    expect(await app.live("configmaps/m23")).toBeUndefined();
    expect(await app.conditions()).toEqual([]);
  });

  it("of everything, because nothing was rendered, is refused until it is allowed", async ({ create }) => {
    const app = await create("empty", { automated: { prune: true }, files: { "a.yaml": configMap("a") } });
    await app.synced();
    await app.push({ "README.md": "nothing here" });
    await app.waitFor(async () =>
      expect(await app.conditions()).toEqual([
        "SyncError: <commit> renders no object, and syncing it would prune all 1 resources; set syncPolicy.automated.allowEmpty=true if that is meant",
      ]),
    );
    expect(await app.sync({ prune: true })).toBe(
      "Failed: one or more synchronization tasks are not valid, reason: application <app>: revision <commit> renders no object, and syncing it would prune what the application has, 1 objects; to go on: set syncPolicy.automated.allowEmpty=true or sync option AllowEmpty=true",
    );
    expect(await app.live("configmaps/a")).toBeDefined();
    await app.patch({ spec: { syncPolicy: { automated: { allowEmpty: true } } } });
    await app.push({ "README.md": "really nothing" });
    await eventually(async () => expect(await app.live("configmaps/a")).toBeUndefined());
    await app.synced();
  });
});

describe("an object that two applications claim", () => {
  it("stays with the first, and the second says so and fails", async ({ create }) => {
    const first = await create("first", {
      automated: { prune: true, selfHeal: true },
      files: { "a.yaml": configMap("shared", { by: "first" }) },
    });
    await first.synced();
    const second = await create("second", {
      automated: { prune: true, selfHeal: true },
      namespace: first.namespace,
      files: { "a.yaml": configMap("shared", { by: "second" }), "b.yaml": configMap("own") },
    });
    const failure = `owned by application ${first.name}, so <app> does not apply it; remove it from one of the two, or set sync option TakeOwnership=true`;
    await second.waitFor(async () =>
      expect((await second.lastResult()).split("\n")).toEqual([
        expect.stringContaining(
          `one or more objects failed to apply, reason: ConfigMap/<namespace>/shared: ${failure}`,
        ),
        "ConfigMap/own Synced: configmap/own created",
        `ConfigMap/shared SyncFailed: ${failure}`,
      ]),
    );
    await second.waitFor(async () =>
      expect(await second.conditions()).toEqual([
        `SharedResourceWarning: ConfigMap/<namespace>/shared is part of applications <app> and ${first.name}; remove it from one of the two`,
      ]),
    );
    expect((await first.live("configmaps/shared"))?.["data"]).toEqual({ by: "first" });
    await first.refresh();
    await first.synced();
    await second.push({ "b.yaml": configMap("own") });
    await second.synced();
    expect(await second.conditions()).toEqual([]);
    expect((await first.live("configmaps/shared"))?.["data"]).toEqual({ by: "first" });
  });
});
