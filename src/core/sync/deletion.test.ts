import { expect, it } from "vitest";
import { formatObjectKey } from "#core/object/index.ts";
import type { DeletionOptions } from "./deletion.ts";
import { planDeletion } from "./deletion.ts";
import type { InventoryEntry } from "./input.ts";
import { applied, object, widgetCrd } from "./testdata/build.ts";
import { defaultObjectSyncOptions } from "./traits.ts";

const options: DeletionOptions = {
  propagation: "Foreground",
  objectDefaults: defaultObjectSyncOptions,
  requestedAtMs: 1_000,
  deletionApprovedAtMs: undefined,
};

function summary(inventory: readonly InventoryEntry[], change: Partial<DeletionOptions> = {}) {
  const plan = planDeletion(inventory, { ...options, ...change });
  return {
    waves: plan.waves.map((wave) => ({
      deletes: wave.groups.flatMap((group) =>
        group.actions.map((one) => `${one.verb} ${formatObjectKey(one.key)}`),
      ),
      untilGone: wave.gates.filter((gate) => gate.until === "gone").length,
    })),
    kept: plan.kept.map((one) => one.message),
    awaiting: plan.awaiting.map(formatObjectKey),
  };
}

it("deletes the highest wave first, each until it is gone, and namespaces last", () => {
  const inventory = [
    applied(object("Namespace/shop", { "sync-wave": "-5" })),
    applied(object("ConfigMap/a")),
    applied(object("Deployment/web")),
    applied(object("Deployment/late", { "sync-wave": "2" })),
    applied(object("Secret/going", { "sync-wave": "2" }), { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  ];
  expect(summary(inventory)).toEqual({
    waves: [
      { deletes: ["prune Deployment/shop/late", "skip Secret/shop/going"], untilGone: 2 },
      { deletes: ["prune Deployment/shop/web", "prune ConfigMap/shop/a"], untilGone: 2 },
      { deletes: ["prune Namespace/shop"], untilGone: 1 },
    ],
    kept: [],
    awaiting: [],
  });
});

it("keeps what opted out, what is not ours, CRDs, and the namespace that holds what is kept", () => {
  const inventory = [
    applied(object("Namespace/shop")),
    applied(object("Namespace/empty")),
    applied(object("PersistentVolumeClaim/data", { "sync-options": "Delete=false" })),
    applied(object("Secret/helm", { "helm.sh/resource-policy": "keep" })),
    applied(object("CustomResourceDefinition/widgets", {}, widgetCrd)),
    applied(object("Job/bye", { hook: "PostDelete" })),
    { ...applied(object("ConfigMap/foreign")), trackedByUs: false },
    { ...applied(object("ConfigMap/gone")), live: undefined },
  ];
  expect(summary(inventory)).toEqual({
    waves: [{ deletes: ["prune Namespace/empty"], untilGone: 1 }],
    kept: [
      "Namespace/shop: kept, because Secret/shop/helm would be deleted with it",
      "Secret/shop/helm: kept, because it opted out of deletion",
      "ConfigMap/shop/foreign: does not carry the application's tracking id",
      "PersistentVolumeClaim/shop/data: kept, because it opted out of deletion",
      "CustomResourceDefinition/widgets: kept, because every resource of its kind would be deleted with it",
      "Job/shop/bye: runs after the deletion",
    ],
    awaiting: [],
  });
});

it("awaits an approval that is newer than the deletion for what asks to be confirmed", () => {
  const inventory = [
    applied(object("ConfigMap/asks", { "sync-options": "Delete=confirm" })),
    applied(object("ConfigMap/b")),
  ];
  const awaiting = (deletionApprovedAtMs: number) => summary(inventory, { deletionApprovedAtMs }).awaiting;
  expect(summary(inventory).awaiting).toEqual(["ConfigMap/shop/asks"]);
  expect(awaiting(999)).toEqual(["ConfigMap/shop/asks"]);
  expect(awaiting(1_000)).toEqual([]);
});

it("leaves to the garbage collector only what may have dependents", () => {
  const inventory = [
    applied(object("Deployment/web")),
    applied(object("ConfigMap/a")),
    applied(object("Widget/own", {}, { apiVersion: "example.com/v1" })),
  ];
  const propagations = (propagation: DeletionOptions["propagation"]) =>
    planDeletion(inventory, { ...options, propagation }).waves.flatMap((wave) =>
      wave.groups.flatMap((group) =>
        group.actions.map((one) =>
          one.verb === "prune" ? `${formatObjectKey(one.key)} ${one.propagation}` : one.verb,
        ),
      ),
    );
  expect(propagations("Foreground").toSorted()).toEqual([
    "ConfigMap/shop/a Background",
    "Deployment/shop/web Foreground",
    "Widget/shop/own Foreground",
  ]);
  expect(propagations("Orphan").toSorted()).toEqual([
    "ConfigMap/shop/a Orphan",
    "Deployment/shop/web Orphan",
    "Widget/shop/own Orphan",
  ]);
});
