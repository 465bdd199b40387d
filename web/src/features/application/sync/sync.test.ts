import { describe, expect, it } from "vitest";
import type { Application } from "../application-query.ts";
import { managedAt } from "./at-revision.ts";
import type { SyncChoice } from "./choice.ts";
import { firstChoice, syncRequest } from "./choice.ts";
import { actionLabel, chosenRows, formatChanges } from "./counts.ts";
import { guardsOf, isStopped } from "./guards.ts";
import type { Managed } from "./preview.ts";
import { declared, previewOf, stepsOf } from "./preview.ts";

interface More {
  readonly annotations?: Record<string, string>;
  readonly more?: object;
}

const object = (kind: string, name: string, { annotations = {}, more = {} }: More = {}): string =>
  JSON.stringify({ apiVersion: "v1", kind, metadata: { name, namespace: "shop", annotations }, ...more });

interface Given {
  readonly target?: string;
  readonly live?: string;
  readonly modified?: boolean;
  readonly hook?: boolean;
}

function managed(
  name: string,
  { target = "", live = "null", modified = false, hook = false }: Given,
): Managed {
  return {
    group: "",
    kind: "ConfigMap",
    namespace: "shop",
    name,
    targetState: target,
    liveState: live,
    normalizedLiveState: live,
    predictedLiveState: target === "" ? "null" : target,
    modified,
    hook,
  };
}

const there = (name: string, annotations: Record<string, string> = {}): Managed =>
  managed(name, {
    live: object("ConfigMap", name, { annotations }),
    target: object("ConfigMap", name, { annotations }),
  });
const left = (name: string, annotations: Record<string, string> = {}, more: object = {}): Managed =>
  managed(name, { live: object("ConfigMap", name, { annotations, more }), modified: true });
const created = (name: string, annotations: Record<string, string> = {}): Managed =>
  managed(name, { target: object("ConfigMap", name, { annotations }), modified: true });
const hook = (name: string, types: string): Managed =>
  managed(name, {
    target: object("Job", name, { annotations: { "argocd.argoproj.io/hook": types } }),
    hook: true,
  });

const app: Application = {
  metadata: { name: "web", namespace: "argocd" },
  spec: { source: { targetRevision: "main" } },
};
const choose = (change: Partial<SyncChoice>): SyncChoice => ({ ...firstChoice(app), ...change });
const all = new Set<string>();

function lines(items: readonly Managed[]): readonly string[] {
  return stepsOf(previewOf(items)).flatMap(({ title, rows }) => [
    title,
    ...rows.map(({ change, name, note }) => `  ${change} ${name}${note === "" ? "" : ` (${note})`}`),
  ]);
}

describe("what a sync would do", () => {
  it("goes by phases and waves, and prunes after it has applied", () => {
    const wave = (n: number): Record<string, string> => ({ "argocd.argoproj.io/sync-wave": String(n) });
    expect(
      lines([
        created("b", wave(2)),
        created("a"),
        hook("migrate", "PreSync,PostSync"),
        left("old"),
        left("older", wave(1)),
      ]),
    ).toEqual([
      "Before the sync, wave 0",
      "  run migrate",
      "Sync, wave 0",
      "  create a",
      "Sync, wave 2",
      "  create b",
      "Prune, wave 1",
      "  prune older",
      "Prune, wave 0",
      "  prune old",
      "After the sync, wave 0",
      "  run migrate",
    ]);
  });

  it("tells apart what is changed and what is as Git says", () => {
    const changed = { ...there("a"), modified: true };
    expect(lines([there("b"), changed])).toEqual(["Sync, wave 0", "  change a", "  same b"]);
  });

  it("leaves out what the server writes by itself", () => {
    const metadata = { name: "a", generation: 3, uid: "x", resourceVersion: "9", labels: { a: "b" } };
    expect(declared({ kind: "Service", metadata, status: { ready: true } })).toEqual({
      kind: "Service",
      metadata: { name: "a", labels: { a: "b" } },
    });
    expect(declared(undefined)).toBeUndefined();
  });

  it("keeps what says so, what has an owner, and what was never there", () => {
    const owner = { metadata: { name: "c", ownerReferences: [{ uid: "x" }] } };
    expect(
      lines([
        left("a", { "argocd.argoproj.io/sync-options": "Prune=false" }),
        left("b", { "helm.sh/resource-policy": "keep" }),
        left("c", {}, owner),
        managed("d", {}),
      ]).slice(1),
    ).toEqual([
      "  keep a (Git does not have it, but it says Prune=false)",
      "  keep b (Git does not have it, but it says Prune=false)",
      "  keep c (it has an owner, with which it goes)",
    ]);
  });

  it("runs no hook that is for another occasion, and reads Helm's names", () => {
    expect(lines([hook("h", "PostDelete")])).toEqual(["Sync, wave 0", "  skip h (a hook that no sync runs)"]);
    const helm = managed("m", {
      target: object("Job", "m", {
        annotations: { "helm.sh/hook": "pre-upgrade", "helm.sh/hook-weight": "-5" },
      }),
      hook: true,
    });
    expect(lines([helm])).toEqual(["Before the sync, wave -5", "  run m"]);
  });
});

describe("what is chosen", () => {
  const rows = previewOf([there("a"), created("b"), left("old"), hook("migrate", "PreSync")]);

  it("leaves what Git does not have in the cluster unless prune is on, and says so", () => {
    expect(formatChanges(chosenRows(rows, choose({}), all))).toBe(
      "1 to create, 1 to run as a hook, 1 kept, 1 as Git says.",
    );
    const pruning = chosenRows(rows, choose({ prune: true }), all);
    expect(formatChanges(pruning)).toBe("1 to create, 1 to delete, 1 to run as a hook, 1 as Git says.");
    expect(actionLabel(choose({ prune: true }), pruning)).toBe("Sync and delete 1 object");
    expect(actionLabel(choose({ prune: true, dryRun: true }), pruning)).toContain(
      "without changing anything",
    );
  });

  it("runs no hooks when only some objects are selected", () => {
    const selected = new Set(["/ConfigMap/shop/b"]);
    expect(chosenRows(rows, choose({}), selected).map(({ name }) => name)).toEqual(["b"]);
    expect(guardsOf({ app, choice: choose({}), rows, selected, windows: undefined })[0]?.message).toContain(
      "Hooks do not run",
    );
  });
});

describe("the request for a sync", () => {
  it("keeps the application's options and changes those that were chosen otherwise", () => {
    const own: Application = {
      ...app,
      spec: { ...app.spec, syncPolicy: { syncOptions: ["CreateNamespace=true", "Replace=true"] } },
    };
    expect(firstChoice(own).replace).toBe(true);
    expect(syncRequest(own, { ...firstChoice(own), replace: false, force: true, prune: true }, [])).toEqual({
      name: "web",
      appNamespace: "argocd",
      prune: true,
      dryRun: false,
      syncOptions: { items: ["CreateNamespace=true", "Force=true"] },
    });
  });

  it("names revisions by source, and selected objects by what they are", () => {
    const several: Application = { ...app, spec: { sources: [{}, {}] } };
    const request = syncRequest(several, { ...firstChoice(several), revisions: ["", " v2 "] }, [
      "apps/Deployment/shop/web",
    ]);
    expect(request).toMatchObject({
      revisions: ["v2"],
      sourcePositions: [2],
      resources: [{ group: "apps", kind: "Deployment", namespace: "shop", name: "web" }],
    });
    expect(syncRequest(app, choose({ revisions: ["v1"] }), [])).toMatchObject({ revision: "v1" });
  });
});

describe("what stands against a sync", () => {
  const many = previewOf(Array.from({ length: 21 }, (_, i) => left(`x${i}`)).concat(there("a")));
  const guards = (change: Partial<SyncChoice>, rows = many, of = app) =>
    guardsOf({ app: of, choice: choose(change), rows, selected: all, windows: undefined });

  it("is a prune of much, until it is said to be meant", () => {
    expect(guards({})).toEqual([]);
    const found = guards({ prune: true });
    expect(found[0]).toMatchObject({
      tone: "stop",
      title: "This would delete 21 of 22 objects",
      override: { field: "allowMassPrune" },
    });
    expect(isStopped(found)).toBe(true);
    expect(guards({ prune: true, allowMassPrune: true })).toEqual([]);
  });

  it("is not a prune of twenty, or of less than half", () => {
    expect(guards({ prune: true }, many.slice(1))).toEqual([]);
    const half = previewOf(Array.from({ length: 22 }, (_, i) => there(`y${i}`)));
    expect(guards({ prune: true }, [...many, ...half])).toEqual([]);
  });

  it("is a source that renders nothing", () => {
    const rows = previewOf([left("a"), hook("h", "Sync")]);
    expect(guards({ prune: true }, rows)[0]?.override?.field).toBe("allowEmpty");
    expect(guards({ prune: true, allowEmpty: true }, rows)).toEqual([]);
    expect(guards({ prune: true }, previewOf([hook("h", "Sync")]))).toEqual([]);
  });

  it("is a confirmation, only while what takes it would be pruned", () => {
    const rows = previewOf([there("a"), left("b", { "argocd.argoproj.io/sync-options": "Prune=confirm" })]);
    expect(guards({ prune: true }, rows)[0]).toMatchObject({ tone: "wait" });
    expect(guards({}, rows)).toEqual([]);
    expect(isStopped(guards({ prune: true }, rows))).toBe(false);
  });

  it("is a closed window, but not for a dry run", () => {
    const deny = { kind: "deny", schedule: "* * * * *", duration: "1h" };
    const windows = { canSync: false, activeWindows: [deny], assignedWindows: [deny] };
    const of = (dryRun: boolean) =>
      guardsOf({ app, choice: choose({ dryRun }), rows: [], selected: all, windows });
    expect(of(false)[0]?.message).toContain('deny "* * * * *" for 1h');
    expect(of(true)).toEqual([]);
  });

  it("is another revision than the target while automated sync is on", () => {
    const automated: Application = { ...app, spec: { ...app.spec, syncPolicy: { automated: {} } } };
    expect(guards({ revisions: ["v1"] }, [], automated)[0]?.tone).toBe("stop");
    expect(guards({ revisions: ["main"] }, [], automated)).toEqual([]);
    expect(guards({ revisions: ["v1"] }, [])).toEqual([]);
  });
});

describe("a sync to another revision", () => {
  it("is shown as what changes against what Git wants now", () => {
    const next = object("ConfigMap", "a", { more: { data: { x: "2" } } });
    const items = managedAt(
      [next, object("ConfigMap", "new")],
      [there("a"), there("gone"), hook("h", "PreSync")],
    );
    expect(lines(items)).toEqual([
      "Sync, wave 0",
      "  change a",
      "  create new",
      "Prune, wave 0",
      "  prune gone",
    ]);
  });

  it("that is the same changes nothing, but still undoes what was changed in the cluster", () => {
    const same = object("ConfigMap", "a");
    expect(lines(managedAt([same], [there("a")]))).toEqual(["Sync, wave 0", "  same a"]);
    expect(lines(managedAt([same], [{ ...there("a"), modified: true }]))).toEqual([
      "Sync, wave 0",
      "  change a",
    ]);
  });
});
