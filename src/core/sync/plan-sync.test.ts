import { describe, expect, it } from "vitest";
import { keyOf, objectKey } from "#core/object/index.ts";
import { formatPlan } from "./format.ts";
import { planSync } from "./plan-sync.ts";
import type { InputParts } from "./testdata/build.ts";
import {
  applied,
  drifted,
  input,
  live,
  missing,
  object,
  operation,
  unchanged,
  widgetCrd,
} from "./testdata/build.ts";
import { defaultObjectSyncOptions } from "./traits.ts";

function plan(parts: InputParts): string {
  return `\n${formatPlan(planSync(input(parts)))}\n`;
}

function many(count: number) {
  return Array.from({ length: count }, (_, i) =>
    applied(object(`ConfigMap/old-${String(i).padStart(2, "0")}`)),
  );
}

describe("planSync orders applies", () => {
  it("runs waves in order, kinds in Argo CD's order inside a wave, custom resources last", () => {
    const objects = [
      missing(object("Widget/w")),
      missing(object("Deployment/web")),
      missing(object("Deployment/api")),
      missing(object("ConfigMap/late", { "sync-wave": "2" })),
      missing(object("Secret/early", { "sync-wave": "-1" })),
      missing(object("ServiceAccount/web")),
    ];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 6 to apply, 0 to prune, 0 left alone
      Sync wave -1
        + Secret/shop/early                            missing
          then wait for 1 to be healthy
      Sync wave 0
        + ServiceAccount/shop/web                      missing
        + Deployment/shop/api                          missing
        + Deployment/shop/web                          missing
        + Widget/shop/w                                missing
          then wait for 4 to be healthy
      Sync wave 2
        + ConfigMap/shop/late                          missing
      "
    `);
  });

  it("names the drift, the ownership to take, and what is unchanged", () => {
    const owned = missing(object("Secret/token"), {
      live: live(object("Secret/token")),
      verdict: { sync: "Synced", drift: [], needsApply: true },
    });
    const objects = [
      drifted(object("Deployment/web"), ["spec.b", "spec.a"]),
      owned,
      unchanged(object("Service/web")),
    ];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 2 to apply, 0 to prune, 1 left alone
      Sync wave 0
        ~ Secret/shop/token                            ownership
        = Service/shop/web                             unchanged
        ~ Deployment/shop/web                          drift: spec.a spec.b
      "
    `);
  });

  it("pulls a namespace and a CRD ahead of what needs them, even into PreSync", () => {
    const objects = [
      missing(object("Namespace/shop", { "sync-wave": "5" })),
      missing(object("CustomResourceDefinition/widgets", { "sync-wave": "4" }, widgetCrd)),
      missing(object("Job/migrate", { hook: "PreSync" })),
      missing(object("Widget/w", { "sync-wave": "1" }), { kindServed: false }),
      missing(object("Deployment/web")),
    ];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 5 to apply, 0 to prune, 0 left alone
      PreSync wave 0
        + Namespace/shop                               missing (early: Job/shop/migrate in PreSync wave 0 needs it)
        + Job/shop/migrate                             hook
          then wait for 2 to be healthy
      Sync wave 0
        + Deployment/shop/web                          missing
          then wait for 1 to be healthy
      Sync wave 1
        + CustomResourceDefinition/widgets             missing (early: Widget/shop/w in Sync wave 1 needs it)
        + Widget/shop/w                                missing
      "
    `);
  });

  it("runs a custom resource after its CRD although its kind has a built-in name", () => {
    const service = { ...object("Service/fn"), apiVersion: "serving.knative.dev/v1" };
    const crd = object(
      "CustomResourceDefinition/services",
      {},
      {
        spec: { group: "serving.knative.dev", names: { kind: "Service" } },
      },
    );
    const { waves } = planSync(input({ objects: [missing(service), missing(crd)] }));
    expect(
      waves.map((wave) => wave.groups.map((group) => group.actions.map((action) => action.key))),
    ).toEqual([[[keyOf(crd)], [keyOf(service)]]]);
  });

  it("creates the destination namespace before everything", () => {
    const createNamespace = { name: "shop", live: undefined, labels: { team: "a" }, annotations: {} };
    const objects = [missing(object("Job/migrate", { hook: "PreSync", "sync-wave": "-3" }))];
    expect(plan({ objects, options: { createNamespace } })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 2 to apply, 0 to prune, 0 left alone
      PreSync wave -4
        + Namespace/shop                               create-namespace
          then wait for 1 to be healthy
      PreSync wave -3
        + Job/shop/migrate                             hook
          then wait for 1 to be healthy
      "
    `);
  });

  it("keeps the managed metadata of an existing namespace up to date, and does nothing when it is", () => {
    const shop = live({
      ...object("Namespace/shop"),
      metadata: { name: "shop", labels: { team: "b", other: "x" } },
    });
    const wanted = (team: string) => ({ name: "shop", live: shop, labels: { team }, annotations: {} });
    expect(plan({ options: { createNamespace: wanted("a") } })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 1 to apply, 0 to prune, 0 left alone
      PreSync wave 0
        + Namespace/shop                               namespace-metadata
      "
    `);
    expect(planSync(input({ options: { createNamespace: wanted("b") } })).waves).toEqual([]);
  });

  it("replaces and forces as asked, and never forces a namespace", () => {
    const options = { "sync-options": "Replace=true,Force=true" };
    const objects = [
      missing(object("ConfigMap/new", options)),
      drifted(object("Deployment/web", options)),
      drifted(object("Namespace/shop", options)),
      drifted(object("Job/once", { "sync-options": "Force=true" })),
    ];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 4 to apply, 0 to prune, 0 left alone
      Sync wave 0
        ~ Namespace/shop                               drift, replace: spec.replicas
        + ConfigMap/shop/new                           missing, create
        ~ Deployment/shop/web                          drift, replace, forced: spec.replicas
        ~ Job/shop/once                                drift, forced: spec.replicas
      "
    `);
  });

  it("throws when an object is rendered twice", () => {
    const twice = [missing(object("ConfigMap/a")), missing(object("ConfigMap/a"))];
    expect(() => planSync(input({ objects: twice }))).toThrow("ConfigMap/shop/a: rendered twice");
  });
});

describe("planSync runs hooks", () => {
  it("puts them in their phases and says why others do not run", () => {
    const objects = [
      missing(object("Job/migrate", { hook: "PreSync" }), { live: live(object("Job/migrate")) }),
      missing(object("Job/both", { hook: "PreSync,PostSync", "hook-delete-policy": "HookSucceeded" })),
      missing(object("Job/alarm", { hook: "SyncFail" })),
      missing(object("Job/off", { hook: "Skip" })),
      missing(object("Job/bye", { hook: "PostDelete" })),
      missing(object("Job/typo", { hook: "PreSnyc" })),
      missing(object("Deployment/web")),
    ];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 5 to apply, 0 to prune, 3 left alone
      PreSync wave 0
        + Job/shop/both                                hook
        + Job/shop/migrate                             hook
          then wait for 2 to be healthy
      Sync wave 0
        + Deployment/shop/web                          missing
          then wait for 1 to be healthy
      PostSync wave 0
        + Job/shop/both                                hook
          then wait for 1 to be healthy
      SyncFail wave 0
        + Job/shop/alarm                               hook
          then wait for 1 to be healthy
      not touched
          Job/shop/bye: runs when the application is deleted
          Job/shop/off: not applied, because its hook annotation says Skip
          Job/shop/typo: no such hook: PreSnyc; write PreSync, Sync, PostSync, SyncFail, PreDelete, PostDelete or Skip
      "
    `);
  });

  it("deletes the object of the last run first, by default", () => {
    const hook = object("Job/migrate", { hook: "PreSync" });
    const { waves } = planSync(
      input({ objects: [missing(hook, { live: live(hook, { finalizers: ["f"] }) })] }),
    );
    expect(waves[0]?.groups[0]?.actions[0]).toMatchObject({
      verb: "apply",
      hook: {
        deletePolicies: ["BeforeHookCreation"],
        replaces: { uid: "uid-batch/Job/shop/migrate", finalizers: ["f"] },
      },
    });
  });

  it("does not remove a hook that it created itself before a crash", () => {
    const hook = object("Job/migrate", { hook: "PreSync,PostSync" });
    const createdAt = (creationTimestamp: string) =>
      missing(hook, { live: live(hook, { creationTimestamp }) });
    const replacedIn = (creationTimestamp: string, more = {}) =>
      planSync(
        input({
          objects: [createdAt(creationTimestamp)],
          operation: { resumedSince: "2023-11-14T22:13:20Z", ...more },
        }),
      ).waves.flatMap(({ phase, groups }) =>
        groups.flatMap(({ actions }) =>
          actions.flatMap((action) =>
            action.verb === "apply" && action.hook?.replaces !== undefined ? [phase] : [],
          ),
        ),
      );
    expect({
      during: replacedIn("2023-11-14T22:13:21Z"),
      before: replacedIn("2023-11-14T22:13:19Z"),
      known: replacedIn("2023-11-14T22:13:21Z", {
        hooks: [{ key: keyOf(hook), type: "PreSync", phase: "Succeeded" }],
      }),
      notResumed: replacedIn("2023-11-14T22:13:21Z", { resumedSince: undefined }),
    }).toEqual({
      during: ["PostSync"],
      before: ["PreSync", "PostSync"],
      known: ["PostSync"],
      notResumed: ["PreSync", "PostSync"],
    });
  });

  it("names a hook with generateName by revision, phase and the operation's start", () => {
    const job = object("Job/x", { hook: "PostSync" });
    const { name: _, ...metadata } = job.metadata;
    const unnamed = { ...job, metadata: { ...metadata, generateName: "smoke-" } };
    const { waves } = planSync(input({ objects: [missing(unnamed)] }));
    expect(waves[0]?.groups[0]?.actions[0]?.key).toBe("batch/Job/shop/smoke-4f2a91c-postsync-1700000000");
  });

  it("does not run a hook again that this operation has started", () => {
    const objects = [
      missing(object("Job/done", { hook: "PreSync" })),
      missing(object("Job/busy", { hook: "PreSync" })),
      missing(object("Deployment/web")),
    ];
    const hooks = [
      { key: keyOf(object("Job/done")), type: "PreSync", phase: "Succeeded" },
      { key: keyOf(object("Job/busy")), type: "PreSync", phase: "Running" },
    ] as const;
    expect(plan({ objects, operation: { hooks } })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 1 to apply, 0 to prune, 2 left alone
      PreSync wave 0
        = Job/shop/busy                                hook-running
        = Job/shop/done                                hook-succeeded
          then wait for 1 to be healthy
      Sync wave 0
        + Deployment/shop/web                          missing
      "
    `);
  });
});

describe("planSync selects", () => {
  it("everything but hooks with the apply strategy", () => {
    const objects = [missing(object("ConfigMap/a")), missing(object("Job/migrate", { hook: "PreSync" }))];
    const { waves, skipped, partial } = planSync(input({ objects, options: { skipHooks: true } }));
    expect([waves.length, skipped.map((one) => one.because), partial]).toEqual([
      1,
      ["hooks-left-out"],
      false,
    ]);
  });

  it("takes the selected objects only, without hooks, and marks the plan partial", () => {
    const objects = [
      missing(object("ConfigMap/a")),
      missing(object("ConfigMap/b")),
      missing(object("Job/migrate", { hook: "PreSync" })),
    ];
    const inventory = [applied(object("ConfigMap/gone")), applied(object("Secret/gone"))];
    const selected = [
      { group: "", kind: "ConfigMap", name: "*" },
      { group: "", kind: "ConfigMap", name: "b", namespace: "shop", exclude: true },
    ];
    expect(plan({ objects, inventory, options: { selected } })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 1 to apply, 1 to prune, 3 left alone
      Sync wave 0
        + ConfigMap/shop/a                             missing
          then wait for 1 to be healthy
      Sync wave 0, prune
        - ConfigMap/shop/gone                          prune, background
      not touched
          Secret/shop/gone: not selected for this sync
          ConfigMap/shop/b: not selected for this sync
          Job/shop/migrate: hooks do not run with selected resources or the apply strategy
      only selected resources: hooks do not run and the history does not record it
      "
    `);
  });

  it("with ApplyOutOfSyncOnly leaves in-sync objects out of the waves but still runs hooks", () => {
    const owned = {
      ...unchanged(object("Secret/token")),
      verdict: { sync: "Synced", drift: [], needsApply: true },
    } as const;
    const objects = [
      owned,
      unchanged(object("Service/web")),
      drifted(object("Deployment/web")),
      missing(object("Job/migrate", { hook: "PreSync" })),
    ];
    expect(plan({ objects, options: { applyOutOfSyncOnly: true } })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 2 to apply, 0 to prune, 2 left alone
      PreSync wave 0
        + Job/shop/migrate                             hook
          then wait for 1 to be healthy
      Sync wave 0
        ~ Deployment/shop/web                          drift: spec.replicas
      not touched
          Secret/shop/token: unchanged
          Service/shop/web: unchanged
      "
    `);
  });
});

describe("planSync shares a cluster with other applications", () => {
  const objects = [
    missing(object("ConfigMap/a"), { live: live(object("ConfigMap/a")), owner: "other" }),
    missing(object("ConfigMap/b")),
  ];

  it("does not apply what another application owns, and goes on with the rest", () => {
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 1 to apply, 0 to prune, 1 left alone
      Sync wave 0
        + ConfigMap/shop/b                             missing
      not touched
          ConfigMap/shop/a: owned by application other, so shop does not apply it; remove it from one of the two, or set sync option TakeOwnership=true
      "
    `);
  });

  it("refuses the whole plan with FailOnSharedResource", () => {
    expect(planSync(input({ objects, options: { failOnSharedResource: true } })).refusals)
      .toMatchInlineSnapshot(`
      [
        {
          "guard": "shared-resource",
          "message": "ConfigMap/shop/a: owned by application other, so shop does not apply it; remove it from one of the two, or set sync option TakeOwnership=true",
          "override": "remove sync option FailOnSharedResource=true to sync the other objects",
        },
      ]
    `);
  });

  it("takes it over with TakeOwnership, on the object or the application", () => {
    const asking = missing(object("ConfigMap/a", { "sync-options": "TakeOwnership=true" }), {
      owner: "other",
    });
    const objectDefaults = { ...defaultObjectSyncOptions, takeOwnership: true };
    expect(planSync(input({ objects: [asking] })).skipped).toEqual([]);
    expect(planSync(input({ objects, options: { objectDefaults } })).skipped).toEqual([]);
  });
});

describe("planSync prunes", () => {
  it("after what replaces it is healthy, in mirrored order, PruneLast and then namespaces and CRDs last", () => {
    const objects = [
      missing(object("Deployment/new")),
      unchanged(object("Service/web")),
      missing(object("Job/smoke", { hook: "PostSync" })),
    ];
    const inventory = [
      applied(object("ConfigMap/old")),
      applied(object("Deployment/old")),
      applied(object("Service/early", { "sync-wave": "-1" })),
      applied(object("Service/late", { "sync-wave": "3" })),
      applied(object("Secret/last", { "sync-options": "PruneLast=true" })),
      applied(object("Namespace/old")),
      applied(object("CustomResourceDefinition/widgets", {}, widgetCrd)),
    ];
    expect(plan({ objects, inventory })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 2 to apply, 7 to prune, 1 left alone
      Sync wave 0
        = Service/shop/web                             unchanged
        + Deployment/shop/new                          missing
          then wait for 2 to be healthy
      Sync wave 3, prune
        - Service/shop/late                            prune, foreground
          then wait for 1 to be gone
      Sync wave 0, prune
        - Deployment/shop/old                          prune, foreground
        - ConfigMap/shop/old                           prune, background
          then wait for 2 to be gone
      Sync wave -1, prune
        - Service/shop/early                           prune, foreground
          then wait for 1 to be gone
      Sync wave 1, prune
        - Secret/shop/last                             prune, background
          then wait for 1 to be gone
      Sync wave 1, prune
        - CustomResourceDefinition/widgets             prune, foreground
        - Namespace/old                                prune, foreground
      PostSync wave 0
        + Job/shop/smoke                               hook
          then wait for 1 to be healthy
      "
    `);
  });

  it("says of each survivor why it stays", () => {
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "x", uid: "1" };
    const inventory = [
      applied(object("ConfigMap/kept", { "sync-options": "Prune=false" })),
      applied(object("ConfigMap/helm", { "helm.sh/resource-policy": "keep" })),
      applied(object("ConfigMap/asks", { "sync-options": "Prune=confirm" })),
      { ...applied(object("ConfigMap/foreign")), trackedByUs: false },
      applied(object("ConfigMap/child"), { ownerReferences: [owner] }),
      applied(object("Job/hook", { hook: "PreSync" })),
      { ...applied(object("ConfigMap/gone")), live: undefined },
      applied(object("ConfigMap/going"), { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    ];
    expect(plan({ objects: [unchanged(object("Service/web"))], inventory })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 0 to apply, 0 to prune, 8 left alone
      Sync wave 0
        = Service/shop/web                             unchanged
      Sync wave 0, prune
        = ConfigMap/shop/going                         already-deleting
      not touched
          ConfigMap/shop/asks: needs confirmation: set annotation argocd.argoproj.io/deletion-approved on the application
          ConfigMap/shop/child: has an owner, with which Kubernetes deletes it
          ConfigMap/shop/foreign: applied before, but no longer carries the tracking id of shop
          ConfigMap/shop/helm: ignored (no prune)
          ConfigMap/shop/kept: ignored (no prune)
          Job/shop/hook: left by a hook; its delete policy decides
      "
    `);
  });

  it("prunes nothing unless asked, and says that pruning is required", () => {
    const inventory = [applied(object("ConfigMap/old"))];
    expect(plan({ inventory, options: { prune: false } })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 0 to apply, 0 to prune, 1 left alone
      not touched
          ConfigMap/shop/old: ignored (requires pruning)
      "
    `);
  });

  it("prunes what asks for confirmation once the approval is newer than the operation", () => {
    const inventory = [applied(object("ConfigMap/asks", { "sync-options": "Prune=confirm" }))];
    const verbs = (deletionApprovedAtMs: number) =>
      planSync(input({ inventory, operation: { deletionApprovedAtMs }, options: { allowEmpty: true } })).waves
        .length;
    expect([verbs(operation.startedAtMs - 1), verbs(operation.startedAtMs)]).toEqual([0, 1]);
  });

  it("keeps a namespace and a CRD while something in them stays", () => {
    const objects = [unchanged(object("ConfigMap/used/here"))];
    const inventory = [
      applied(object("Namespace/used")),
      applied(object("Namespace/volumes")),
      applied(object("PersistentVolumeClaim/volumes/data", { "sync-options": "Prune=false" })),
      applied(object("CustomResourceDefinition/widgets", {}, widgetCrd)),
      { ...applied(object("Widget/w")), trackedByUs: false },
    ];
    expect(plan({ objects, inventory })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 0 to apply, 0 to prune, 6 left alone
      Sync wave 0
        = ConfigMap/used/here                          unchanged
      not touched
          Namespace/used: still holds ConfigMap/used/here, which would be deleted with it
          Namespace/volumes: still holds PersistentVolumeClaim/volumes/data, which would be deleted with it
          PersistentVolumeClaim/volumes/data: ignored (no prune)
          CustomResourceDefinition/widgets: still holds Widget/shop/w, which would be deleted with it
          Widget/shop/w: applied before, but no longer carries the tracking id of shop
      "
    `);
  });

  it("does not prune the object that Git now names by another group", () => {
    const before = { ...object("Ingress/web"), apiVersion: "extensions/v1beta1" };
    const now = { ...object("Ingress/web"), apiVersion: "networking.k8s.io/v1" };
    const objects = [{ ...unchanged(now), live: live(now, { uid: "same" }) }];
    expect(plan({ objects, inventory: [applied(before, { uid: "same" })] })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 0 to apply, 0 to prune, 2 left alone
      Sync wave 0
        = Ingress/shop/web                             unchanged
      not touched
          Ingress/shop/web: is the same object as networking.k8s.io/Ingress, which is in Git
      "
    `);
  });

  it("waits before pruning for what this operation applied, not for what has long been there", () => {
    const objects = [unchanged(object("Deployment/web")), unchanged(object("Deployment/sick"))];
    const inventory = [applied(object("ConfigMap/old"))];
    const gates = (parts: InputParts) =>
      planSync(input({ objects, inventory, ...parts })).waves[0]?.gates.map((gate) => gate.key);
    const done = new Set([keyOf(object("Deployment/web"))]);
    expect(gates({})).toEqual([]);
    expect(gates({ operation: { applied: done } })).toEqual([...done]);
    expect(gates({ operation: { applied: done }, options: { pruneBeforeHealthy: true } })).toEqual([]);
  });
});

it("a dry run waits for nothing", () => {
  const objects = [
    missing(object("Job/migrate", { hook: "PreSync" })),
    missing(object("Deployment/web")),
    missing(object("Deployment/late", { "sync-wave": "1" })),
  ];
  const inventory = [applied(object("ConfigMap/old")), applied(object("Namespace/old"))];
  const { waves } = planSync(input({ objects, inventory, options: { dryRun: true } }));
  expect(waves.map((wave) => wave.gates)).toEqual([[], [], [], [], []]);
});

describe("planSync refuses", () => {
  const kept = Array.from({ length: 15 }, (_, i) => unchanged(object(`Secret/kept-${i}`)));
  const keptEntries = kept.map(({ desired }) => applied(desired));

  it("pruning more than 20 objects and more than half of the application", () => {
    const inventory = [...many(21), ...keptEntries];
    expect(planSync(input({ objects: kept, inventory })).refusals).toMatchInlineSnapshot(`
      [
        {
          "guard": "mass-prune",
          "message": "application shop: would prune 21 of its 36 objects, more than 20 and more than 50 % of it",
          "override": "set sync option AllowMassPrune=true",
        },
      ]
    `);
    expect(planSync(input({ objects: kept, inventory: [...many(20), ...keptEntries] })).refusals).toEqual([]);
    expect(planSync(input({ objects: kept, inventory, options: { allowMassPrune: true } })).refusals).toEqual(
      [],
    );
    expect(planSync(input({ objects: kept, inventory, options: { prune: false } })).refusals).toEqual([]);
  });

  it("a render that became empty", () => {
    const inventory = many(2);
    const hooksOnly = [missing(object("Job/migrate", { hook: "PreSync" }))];
    expect(planSync(input({ objects: hooksOnly, inventory })).refusals).toMatchInlineSnapshot(`
      [
        {
          "guard": "empty-render",
          "message": "application shop: revision 4f2a91c0ffee renders no object, and syncing it would prune what the application has, 2 objects",
          "override": "set syncPolicy.automated.allowEmpty=true or sync option AllowEmpty=true",
        },
      ]
    `);
    expect(planSync(input({ inventory, options: { allowEmpty: true } })).refusals).toEqual([]);
    expect(planSync(input({ inventory, options: { allowMassPrune: true } })).refusals).toHaveLength(1);
  });

  it("a kind that the cluster does not serve, unless its CRD comes along or the check is skipped", () => {
    const widget = missing(object("Widget/w"), { kindServed: false });
    const skipping = missing(object("Widget/w", { "sync-options": "SkipDryRunOnMissingResource=true" }), {
      kindServed: false,
    });
    const crd = missing(object("CustomResourceDefinition/widgets", {}, widgetCrd));
    expect(planSync(input({ objects: [widget] })).refusals).toMatchInlineSnapshot(`
      [
        {
          "guard": "unknown-kind",
          "message": "Widget/shop/w: the cluster does not serve example.com/v1 Widget; correct apiVersion and kind, or install its CustomResourceDefinition first or with it",
          "override": "set sync option SkipDryRunOnMissingResource=true on the object or the application",
        },
      ]
    `);
    expect(planSync(input({ objects: [widget, crd] })).refusals).toEqual([]);
    expect(planSync(input({ objects: [skipping] })).refusals).toEqual([]);
  });
});

it("objects of the same name in two namespaces are two objects", () => {
  const objects = [missing(object("ConfigMap/b/same")), missing(object("ConfigMap/a/same"))];
  const { waves } = planSync(input({ objects }));
  const parts = { group: "", kind: "ConfigMap", name: "same" };
  expect(waves[0]?.groups[0]?.actions.map((action) => action.key)).toEqual([
    objectKey({ ...parts, namespace: "a" }),
    objectKey({ ...parts, namespace: "b" }),
  ]);
});
