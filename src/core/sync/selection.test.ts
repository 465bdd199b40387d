import { describe, expect, it } from "vitest";
import { planSync } from "./plan-sync.ts";
import { applied, drifted, input, missing, object, plan, unchanged } from "./testdata/build.ts";

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
