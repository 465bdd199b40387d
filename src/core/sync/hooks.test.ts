import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import type { PlannedObject } from "./input.ts";
import { planSync } from "./plan-sync.ts";
import type { ApplyAction } from "./plan.ts";
import type { InputParts } from "./testdata/build.ts";
import { applied, input, live, missing, object, plan } from "./testdata/build.ts";

const hook = object("Job/migrate", { hook: "PreSync" });
const web = missing(object("Deployment/web"));

function over(living: KubeObject, more: Partial<PlannedObject> = {}): PlannedObject {
  return missing(hook, { live: living, ...more });
}

function replacedBy(parts: InputParts): unknown {
  const [action] = planSync(input(parts)).waves[0]?.groups[0]?.actions ?? [];
  return action?.verb === "apply" ? (action satisfies ApplyAction).hook?.replaces?.uid : "not applied";
}

describe("a hook whose name something else has", () => {
  it("does not touch the object of another application, and stops the sync at its wave", () => {
    const objects = [over(live(hook), { owner: "billing" }), web];
    expect(plan({ objects })).toMatchInlineSnapshot(`
      "
      plan for application shop at 4f2a91c0ffee: 1 to apply, 0 to prune, 1 left alone
      PreSync wave 0
        = Job/shop/migrate                             owned-by-other
      Sync wave 0
        + Deployment/shop/web                          missing
      "
    `);
    const actions = planSync(input({ objects })).waves[0]?.groups[0]?.actions;
    expect(actions).toEqual([
      {
        verb: "skip",
        key: keyOf(hook),
        because: "owned-by-other",
        message:
          "Job/shop/migrate: owned by application billing, so shop does not apply it; remove it from one of the two, or set sync option TakeOwnership=true",
        result: {
          code: "SyncFailed",
          message:
            "owned by application billing, so shop does not apply it; remove it from one of the two, or set sync option TakeOwnership=true",
        },
      },
    ]);
  });

  it("counts as a shared resource", () => {
    const objects = [over(live(hook), { owner: "billing" }), web];
    const { refusals } = planSync(input({ objects, options: { failOnSharedResource: true } }));
    expect(refusals.map((one) => one.guard)).toEqual(["shared-resource"]);
  });

  it("takes it over only when told to", () => {
    const owned = object("Job/migrate", { hook: "PreSync", "sync-options": "TakeOwnership=true" });
    const objects = [missing(owned, { live: live(owned), owner: "billing" })];
    expect(replacedBy({ objects })).toBe("uid-batch/Job/shop/migrate");
  });

  it("deletes only what is a hook itself or carries our tracking id", () => {
    const foreign = live(object("Job/migrate"));
    expect({
      hook: replacedBy({ objects: [over(live(hook))] }),
      ours: replacedBy({ objects: [over(foreign)], inventory: [applied(object("Job/migrate"))] }),
      nobodys: replacedBy({
        objects: [over(foreign)],
        inventory: [{ key: keyOf(hook), live: foreign, trackedByUs: false }],
      }),
    }).toEqual({
      hook: "uid-batch/Job/shop/migrate",
      ours: "uid-batch/Job/shop/migrate",
      nobodys: undefined,
    });
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

describe("a hook as it is applied", () => {
  it("is kept until its result was seen, where its kind has one", () => {
    const finalizersOf = (desired: KubeObject) => {
      const [action] = planSync(input({ objects: [missing(desired)] })).waves[0]?.groups[0]?.actions ?? [];
      return action?.verb === "apply" ? action.desired.metadata.finalizers : undefined;
    };
    expect(finalizersOf(hook)).toEqual(["argocd.argoproj.io/hook-finalizer"]);
    expect(finalizersOf(object("ConfigMap/settings", { hook: "PreSync" }))).toBeUndefined();
    const reportsLater = { ...object("Backup/x", { hook: "PreSync" }), apiVersion: "example.com/v1" };
    expect(finalizersOf(reportsLater)).toEqual(["argocd.argoproj.io/hook-finalizer"]);
    expect(finalizersOf(object("Job/no-hook"))).toBeUndefined();
  });

  it("carries a tracking id of the name that it was given", () => {
    const { name: _, ...metadata } = object("Job/x", {
      hook: "PreSync",
      "tracking-id": "shop:batch/Job:shop/",
    }).metadata;
    const generated = { ...object("Job/x"), metadata: { ...metadata, generateName: "each-" } };
    const [action] = planSync(input({ objects: [missing(generated)] })).waves[0]?.groups[0]?.actions ?? [];
    const applied = action?.verb === "apply" ? action.desired.metadata : undefined;
    expect(applied?.name).toBe("each-4f2a91c-presync-1700000000");
    expect(applied?.annotations?.["argocd.argoproj.io/tracking-id"]).toBe(
      "shop:batch/Job:shop/each-4f2a91c-presync-1700000000",
    );
  });
});
