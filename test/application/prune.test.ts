import { describe, expect } from "vitest";
import { auditMark, readAuditLog } from "../control-plane/fixture.ts";
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

  it("is not pruned, nor is anything else, before somebody approves where it asks for confirmation", async ({
    create,
  }) => {
    const careful = configMap("careful", {}, { annotations: argo({ "sync-options": "Prune=confirm" }) });
    const files = { "a.yaml": careful, "b.yaml": configMap("b"), "c.yaml": configMap("plain") };
    const app = await create("careful", { files });
    await app.sync();
    await app.push({ "b.yaml": configMap("b", { k: "2" }), "a.yaml": null, "c.yaml": null });
    await app.startSync({ prune: true });
    await app.waitFor(({ status }) =>
      expect([status?.operationState?.phase, app.plain(status?.operationState?.message ?? "")]).toEqual([
        "Running",
        "waiting for pruning confirmation of ConfigMap/<namespace>/careful; to approve it run: mooring app confirm-deletion <app> (or set annotation argocd.argoproj.io/deletion-approved of the Application to the current time), since <time>; to stop it run: mooring app terminate-op <app>",
      ]),
    );
    expect(await app.live("configmaps/b")).toMatchObject({ data: { k: "2" } });
    expect([await app.live("configmaps/careful"), await app.live("configmaps/plain")]).not.toContain(
      undefined,
    );
    await app.patch({ metadata: { annotations: argo({ "deletion-approved": "2020-01-01T00:00:00Z" }) } });
    await app.patch({
      metadata: { annotations: argo({ "deletion-approved": new Date(Date.now() + 1_000).toISOString() }) },
    });
    await app.waitFor(async () =>
      expect(await app.lastResult()).toBe(
        [
          "Succeeded: successfully synced (all tasks run)",
          "ConfigMap/b Synced: configmap/b configured",
          "ConfigMap/careful Pruned: pruned",
          "ConfigMap/plain Pruned: pruned",
        ].join("\n"),
      ),
    );
    expect([await app.live("configmaps/careful"), await app.live("configmaps/plain")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("asks for confirmation of everything when the application does, and gives way to a newer commit", async ({
    create,
  }) => {
    const app = await create("ask-all", {
      automated: { prune: true },
      syncOptions: ["Prune=confirm"],
      files: { "a.yaml": configMap("a"), "b.yaml": configMap("b") },
    });
    await app.synced();
    await app.push({ "a.yaml": configMap("a"), "b.yaml": null });
    await app.waitFor(({ status }) =>
      expect(status?.operationState?.message).toContain("waiting for pruning confirmation of ConfigMap/"),
    );
    await app.push({ "a.yaml": configMap("a"), "b.yaml": configMap("b") });
    await app.synced();
    expect(await app.live("configmaps/b")).toBeDefined();
  });
});

describe("pruning", () => {
  it("goes through the waves in reverse after everything is applied, PruneLast last", async ({
    create,
    hub,
  }) => {
    const at = (wave: number, more: Readonly<Record<string, string>> = {}) => ({
      annotations: argo({ "sync-wave": String(wave), ...more }),
    });
    const app = await create("mirrored", {
      files: {
        "a.yaml": [
          configMap("w0", {}, at(0)),
          configMap("last", {}, at(5, { "sync-options": "PruneLast=true" })),
          configMap("w2", {}, at(2)),
          configMap("w1", {}, at(1)),
        ],
        "b.yaml": configMap("b"),
      },
    });
    await app.sync();
    await app.push({ "b.yaml": configMap("b"), "c.yaml": configMap("new", {}, at(9)) });
    const mark = await auditMark(hub.access.auditLogPath);
    expect(await app.sync({ prune: true })).toMatch(/^Succeeded/u);
    await eventually(async () => {
      const { entries } = await readAuditLog(hub.access.auditLogPath, mark);
      const writes = entries
        .filter(({ namespace, verb }) => namespace === app.namespace && ["patch", "delete"].includes(verb))
        .map(({ verb, name }) => `${verb} ${name}`);
      expect(writes).toEqual(["patch new", "delete w2", "delete w1", "delete w0", "delete last"]);
    });
  });

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
        `SharedResourceWarning: ConfigMap/<namespace>/shared is part of applications <app> and ${first.name}; remove it from one of the two, or take it over with sync option TakeOwnership=true`,
      ]),
    );
    expect((await first.live("configmaps/shared"))?.["data"]).toEqual({ by: "first" });
    await first.waitFor(async () =>
      expect(await first.conditions()).toEqual([
        `SharedResourceWarning: ConfigMap/<namespace>/shared is part of applications <app> and ${second.name}; remove it from one of the two, or have ${second.name} take it over with sync option TakeOwnership=true`,
      ]),
    );
    await first.synced();
    await second.push({ "b.yaml": configMap("own") });
    await second.synced();
    expect(await second.conditions()).toEqual([]);
    await first.waitFor(async () => expect(await first.conditions()).toEqual([]));
    expect((await first.live("configmaps/shared"))?.["data"]).toEqual({ by: "first" });
  });
});
