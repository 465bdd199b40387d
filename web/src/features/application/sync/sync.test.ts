import { describe, expect, it } from "vitest";
import type { Application } from "../application-query.ts";
import type { SyncChoice } from "./choice.ts";
import { firstChoice, syncRequest } from "./choice.ts";
import { guardsOf, isStopped } from "./guards.ts";
import type { MadePlan } from "./plan-steps.ts";
import { rowsOf, stepsOf } from "./plan-steps.ts";

const app: Application = {
  metadata: { name: "web", namespace: "argocd" },
  spec: { source: { targetRevision: "main" } },
};
const choose = (change: Partial<SyncChoice>): SyncChoice => ({ ...firstChoice(app), ...change });
const all = { selected: [] };

describe("the request for a sync", () => {
  it("keeps the application's options and changes those that were chosen otherwise", () => {
    const own: Application = {
      ...app,
      spec: { ...app.spec, syncPolicy: { syncOptions: ["CreateNamespace=true", "Replace=true"] } },
    };
    expect(firstChoice(own).replace).toBe(true);
    expect(syncRequest(own, { ...firstChoice(own), replace: false, force: true, prune: true }, all)).toEqual({
      name: "web",
      appNamespace: "argocd",
      prune: true,
      dryRun: false,
      syncOptions: { items: ["CreateNamespace=true", "Force=true"] },
    });
  });

  it("names revisions by source, and selected objects by what they are", () => {
    const several: Application = { ...app, spec: { sources: [{}, {}] } };
    const request = syncRequest(
      several,
      { ...firstChoice(several), revisions: ["", " v2 "] },
      {
        selected: ["apps/Deployment/shop/web"],
      },
    );
    expect(request).toMatchObject({
      revisions: ["v2"],
      sourcePositions: [2],
      resources: [{ group: "apps", kind: "Deployment", namespace: "shop", name: "web" }],
    });
    expect(syncRequest(app, choose({ revisions: ["v1"] }), all)).toMatchObject({ revision: "v1" });
  });

  it("names the plan that was approved, and begins as the sync that waits for that", () => {
    expect(syncRequest(app, choose({}), { selected: [], plan: "sha256:1" })).toMatchObject({
      infos: [{ name: "mooring.dev/plan", value: "sha256:1" }],
    });
    const waiting = JSON.stringify({ digest: "sha256:1", summary: "1 to prune" });
    const automated: Application = {
      metadata: { annotations: { "mooring.dev/waiting-plan": waiting } },
      spec: { syncPolicy: { automated: { prune: true } } },
    };
    expect(firstChoice(automated).prune).toBe(true);
    expect(firstChoice({ ...automated, metadata: {} }).prune).toBe(false);
  });
});

describe("what stands against a sync", () => {
  const object = (name: string) => ({ group: "", kind: "ConfigMap", namespace: "shop", name });
  const planOf = (refusals: MadePlan["refusals"] = [], needsConfirmation = false): MadePlan => ({
    digest: "sha256:1",
    waves: [
      {
        phase: "Sync",
        step: "apply",
        wave: 0,
        actions: [{ ...object("a"), verb: "skip", because: "unchanged" }],
      },
      {
        phase: "Sync",
        step: "prune",
        wave: 0,
        actions: ["b", "c"].map((name) => ({ ...object(name), verb: "prune", needsConfirmation })),
      },
    ],
    refusals,
  });
  const nowMs = Date.parse("2026-12-01T12:00:00Z");
  const guards = (made: MadePlan | undefined, change: Partial<SyncChoice> = {}, of = app) =>
    guardsOf({
      app: of,
      choice: choose(change),
      made,
      rows: made === undefined ? [] : rowsOf(stepsOf(made)),
      selected: new Set(),
      windows: undefined,
      nowMs,
    });

  it("is nothing where the controller would carry the plan out", () => {
    expect(guards(planOf())).toEqual([]);
  });

  it("is what the controller refuses, with what says that it is meant", () => {
    const massPrune = {
      guard: "mass-prune",
      message: "application web: would prune 2 of its 3 objects, more than 1 and more than 50 % of it",
      override: "set sync option AllowMassPrune=true",
    };
    const found = guards(planOf([massPrune]));
    expect(found).toMatchObject([
      {
        tone: "stop",
        title: "This would delete 2 of 3 objects",
        message:
          "Would prune 2 of its 3 objects, more than 1 and more than 50 % of it. To do it all the same: set sync option AllowMassPrune=true.",
        override: { field: "allowMassPrune" },
      },
    ]);
    expect(isStopped(found)).toBe(true);
    const empty = { guard: "empty-render", message: "it renders no object", override: "AllowEmpty=true" };
    expect(guards(planOf([empty]))[0]?.override?.field).toBe("allowEmpty");
  });

  it("is one guard for everything that the project does not permit, and none that one could choose away", () => {
    const denials = ["ClusterRole a", "ClusterRole b"].map((message) => ({
      guard: "project",
      message,
      override: "change it",
    }));
    const [guard, ...others] = guards(planOf(denials));
    expect(others).toEqual([]);
    expect(guard).not.toHaveProperty("override");
    expect(guard?.message).toBe(
      "ClusterRole a. To do it all the same: change it.\nClusterRole b. To do it all the same: change it.",
    );
  });

  it("is a confirmation where something to be pruned takes it, but not for a dry run", () => {
    const found = guards(planOf([], true));
    expect(found).toMatchObject([{ tone: "wait" }]);
    expect(isStopped(found)).toBe(false);
    expect(guards(planOf([], true), { dryRun: true })).toEqual([]);
  });

  it("is a closed window, but not for a dry run", () => {
    const deny = { kind: "deny", schedule: "* * * * *", duration: "1h" };
    const windows = {
      canSync: false,
      activeWindows: [deny],
      assignedWindows: [deny],
      manualTurnsAt: "2026-12-01T14:00:00Z",
    };
    const of = (dryRun: boolean) =>
      guardsOf({
        app,
        choice: choose({ dryRun }),
        made: planOf(),
        rows: [],
        selected: new Set(),
        windows,
        nowMs,
      });
    expect(of(false)[0]?.message).toMatch(
      /^Wait until it permits them at .*\(in 2 h\), .*deny "\* \* \* \* \*" for 1h/u,
    );
    expect(of(true)).toEqual([]);
  });

  it("is another revision than the target while automated sync is on", () => {
    const automated: Application = { ...app, spec: { ...app.spec, syncPolicy: { automated: {} } } };
    expect(guards(planOf(), { revisions: ["v1"] }, automated)[0]?.tone).toBe("stop");
    expect(guards(planOf(), { revisions: ["main"] }, automated)).toEqual([]);
    expect(guards(planOf(), { revisions: ["v1"] })).toEqual([]);
  });

  it("is a word on the plan that an automated sync waits with, where another one is shown", () => {
    const waitingFor = (digest: string): Application => ({
      ...app,
      metadata: {
        ...app.metadata,
        annotations: { "mooring.dev/waiting-plan": JSON.stringify({ digest, summary: "2 to prune" }) },
      },
    });
    expect(guards(planOf(), {}, waitingFor("sha256:1"))).toEqual([]);
    expect(guards(planOf(), {}, waitingFor("sha256:2"))).toMatchObject([
      { tone: "note", message: "It would do this: 2 to prune." },
    ]);
  });
});
