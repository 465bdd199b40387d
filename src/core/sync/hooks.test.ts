import { describe, expect, it } from "vitest";
import type { KubeObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import { formatPlan } from "./format.ts";
import type { PlannedObject } from "./input.ts";
import { planSync } from "./plan-sync.ts";
import type { ApplyAction } from "./plan.ts";
import type { InputParts } from "./testdata/build.ts";
import { applied, input, live, missing, object } from "./testdata/build.ts";

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
    expect(`\n${formatPlan(planSync(input({ objects })))}\n`).toMatchInlineSnapshot(`
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
