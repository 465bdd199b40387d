import { describe, expect, it } from "vitest";
import { keyOf, objectKey } from "#core/object/index.ts";
import { planSync } from "./plan-sync.ts";
import {
  applied,
  drifted,
  input,
  live,
  missing,
  object,
  plan,
  unchanged,
  widgetCrd,
} from "./testdata/build.ts";

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

  it("names the drift, the ownership to take, what is ignored and undone, and what is unchanged", () => {
    const scaled = missing(object("StatefulSet/db"), {
      live: live(object("StatefulSet/db")),
      verdict: { sync: "Synced", drift: [], ignored: ["spec.replicas"], needsApply: true },
    });
    const owned = missing(object("Secret/token"), {
      live: live(object("Secret/token")),
      verdict: { sync: "Synced", drift: [], needsApply: true },
    });
    const objects = [
      drifted(object("Deployment/web"), ["spec.b", "spec.a"]),
      owned,
      scaled,
      unchanged(object("Service/web")),
    ];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 3 to apply, 0 to prune, 1 left alone
      Sync wave 0
        ~ Secret/shop/token                            ownership
        = Service/shop/web                             unchanged
        ~ Deployment/shop/web                          drift: spec.a spec.b
        ~ StatefulSet/shop/db                          ignored-drift: spec.replicas
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

it("objects of the same name in two namespaces are two objects", () => {
  const objects = [missing(object("ConfigMap/b/same")), missing(object("ConfigMap/a/same"))];
  const { waves } = planSync(input({ objects }));
  const parts = { group: "", kind: "ConfigMap", name: "same" };
  expect(waves[0]?.groups[0]?.actions.map((action) => action.key)).toEqual([
    objectKey({ ...parts, namespace: "a" }),
    objectKey({ ...parts, namespace: "b" }),
  ]);
});
