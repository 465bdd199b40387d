import { describe, expect, it } from "vitest";
import { planSync } from "./plan-sync.ts";
import { applied, input, live, missing, object, plan, unchanged, widgetCrd } from "./testdata/build.ts";
import { defaultObjectSyncOptions } from "./traits.ts";

function many(count: number) {
  return Array.from({ length: count }, (_, i) =>
    applied(object(`ConfigMap/old-${String(i).padStart(2, "0")}`)),
  );
}

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
