import { describe, expect, it } from "vitest";
import { keyOf } from "#core/object/index.ts";
import { planSync } from "./plan-sync.ts";
import { defaultObjectSyncOptions } from "./traits.ts";
import { awaitedConfirmations } from "./waits.ts";
import type { InputParts } from "./testdata/build.ts";
import { applied, input, live, missing, object, plan, unchanged, widgetCrd } from "./testdata/build.ts";

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
      plan for application shop at 4f2a91c0ffee: 0 to apply, 1 to prune, 7 left alone
      Sync wave 0
        = Service/shop/web                             unchanged
      Sync wave 0, prune
        = ConfigMap/shop/going                         already-deleting
        - ConfigMap/shop/asks                          prune, background, once confirmed
      not touched
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

  it("asks for an approval that is newer than the operation, in whole seconds, where an object or the application does", () => {
    const asking = [applied(object("ConfigMap/asks", { "sync-options": "Prune=confirm" }))];
    const startedAtMs = 1_700_000_000_400;
    const asks = (
      deletionApprovedAtMs: number | undefined,
      inventory = asking,
      options: InputParts["options"] = {},
    ) =>
      awaitedConfirmations(
        planSync(
          input({
            inventory,
            operation: { startedAtMs, deletionApprovedAtMs },
            options: { allowEmpty: true, ...options },
          }),
        ),
      ).length;
    expect([asks(undefined), asks(1_699_999_999_999), asks(1_700_000_000_000)]).toEqual([1, 1, 0]);
    const objectDefaults = { ...defaultObjectSyncOptions, prune: "confirm" } as const;
    const plainly = [applied(object("ConfigMap/plain"))];
    expect([asks(undefined, plainly), asks(undefined, plainly, { objectDefaults })]).toEqual([0, 1]);
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
