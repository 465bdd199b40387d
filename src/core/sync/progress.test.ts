import { describe, expect, it } from "vitest";
import type { Health } from "#core/health/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { keyOf } from "#core/object/index.ts";
import type { SyncPlan, Wave } from "./plan.ts";
import { planSync } from "./plan-sync.ts";
import type { GatedState, WaveOutcome } from "./progress.ts";
import { advance, nextWave, startProgress, waveOutcome } from "./progress.ts";
import { applied, input, live, missing, object } from "./testdata/build.ts";

const web = object("Deployment/web");
const done = { code: "Synced", message: "configured" } as const;

function firstWave(plan: SyncPlan): Wave {
  const step = nextWave(plan, startProgress);
  if (step.do !== "run") throw new Error("the plan has no wave");
  return step.wave;
}

/** The outcome of a wave whose actions have all succeeded. */
function gated(wave: Wave, states: Readonly<Record<string, GatedState>>): WaveOutcome {
  const results = new Map(
    wave.groups.flatMap((group) => group.actions.map((action) => [action.key, done] as const)),
  );
  return waveOutcome(wave, { results, stateOf: (key) => states[key] ?? { exists: true, health: undefined } });
}

function is(status: Health["status"], message?: string): GatedState {
  return { exists: true, health: message === undefined ? { status } : { status, message } };
}

const two = planSync(
  input({
    objects: [
      missing(web),
      missing(object("ConfigMap/a")),
      missing(object("Secret/later", { "sync-wave": "1" })),
    ],
  }),
);
const key = keyOf(web);

describe("a wave", () => {
  it("that fails with a Job names its log, unless the Job is removed when it fails", () => {
    const failureOf = (annotations: Readonly<Record<string, string>>, spec: JsonObject = {}) => {
      const check = object("Job/check", { hook: "PreSync", ...annotations }, { spec });
      const wave = firstWave(planSync(input({ objects: [missing(check)] })));
      return gated(wave, { [keyOf(check)]: is("Degraded", "it failed") });
    };
    const failed =
      "one or more synchronization tasks completed unsuccessfully, reason: batch/Job/check is Degraded: it failed";
    expect(failureOf({})).toEqual({
      status: "failed",
      message: `${failed}; for its log run: kubectl logs -n shop job/check`,
    });
    const gone = { status: "failed", message: failed };
    expect(failureOf({ "hook-delete-policy": "HookFailed" })).toEqual(gone);
    expect(failureOf({}, { ttlSecondsAfterFinished: 0 })).toEqual(gone);
  });

  it("waits for its actions, then for health, and says for what", () => {
    const wave = firstWave(two);
    const stateOf = () => ({ exists: false, health: undefined });
    expect(waveOutcome(wave, { results: new Map(), stateOf })).toMatchObject({
      status: "running",
      message: "working on ConfigMap/a and 1 more",
    });
    const progressing = is("Progressing", "3 of 5 replicas updated");
    expect(gated(wave, { [key]: progressing })).toEqual({
      status: "running",
      awaited: [key],
      message: "waiting for healthy state of apps/Deployment/web (3 of 5 replicas updated)",
    });
    expect(
      gated(wave, { [key]: progressing, [keyOf(object("ConfigMap/a"))]: is("Progressing") }),
    ).toMatchObject({
      message: "waiting for healthy state of ConfigMap/a and 1 more",
    });
    expect(gated(wave, { [key]: is("Healthy") })).toEqual({ status: "done" });
    expect(gated(wave, {})).toEqual({ status: "done" });
  });

  it("fails when an object cannot be applied, is degraded or vanished", () => {
    const wave = firstWave(two);
    const results = new Map([
      [key, { code: "SyncFailed", message: "field spec.selector is immutable" } as const],
    ]);
    expect(waveOutcome(wave, { results, stateOf: () => is("Healthy") })).toEqual({
      status: "failed",
      message:
        "one or more objects failed to apply, reason: Deployment/shop/web: field spec.selector is immutable",
    });
    expect(gated(wave, { [key]: is("Degraded", "crash loop") })).toEqual({
      status: "failed",
      message:
        "one or more synchronization tasks completed unsuccessfully, reason: apps/Deployment/web is Degraded: crash loop",
    });
    expect(gated(wave, { [key]: { exists: false, health: undefined } })).toEqual({
      status: "failed",
      message:
        "one or more synchronization tasks completed unsuccessfully, reason: apps/Deployment/web was deleted while the sync waited for it",
    });
  });

  it("does not wait for health when it is the last one without hooks", () => {
    expect(
      gated(firstWave(planSync(input({ objects: [missing(web)] }))), { [key]: is("Progressing") }),
    ).toEqual({
      status: "done",
    });
  });

  it("waits for a suspended object unless Git asks for it to be suspended", () => {
    const later = missing(object("Secret/later", { "sync-wave": "1" }));
    const paused = planSync(
      input({ objects: [missing(object("Deployment/web", {}, { spec: { paused: true } })), later] }),
    );
    expect(gated(firstWave(two), { [key]: is("Suspended") })).toMatchObject({ status: "running" });
    expect(gated(firstWave(paused), { [key]: is("Suspended") })).toEqual({ status: "done" });
  });

  it.each<[field: string, value: boolean | string, status: string]>([
    ["suspend", true, "done"],
    ["suspend", false, "running"],
    ["stopped", true, "done"],
    ["runStrategy", "Halted", "done"],
    ["runStrategy", "Always", "running"],
    ["running", false, "done"],
  ])("takes spec.%s %j of a suspended object for what Git asks for, or not: %s", (field, value, status) => {
    const later = missing(object("Secret/later", { "sync-wave": "1" }));
    const standing = missing(object("Deployment/web", {}, { spec: { [field]: value } }));
    const wave = firstWave(planSync(input({ objects: [standing, later] })));
    expect(gated(wave, { [key]: is("Suspended") }).status).toBe(status);
  });

  it("waits for a hook, and fails when no one can tell how the hook is", () => {
    const job = object("Job/migrate", { hook: "PreSync" });
    const wave = firstWave(planSync(input({ objects: [missing(job)] })));
    expect(gated(wave, { [keyOf(job)]: is("Progressing") })).toMatchObject({
      message: "waiting for completion of hook batch/Job/migrate",
    });
    expect(gated(wave, { [keyOf(job)]: is("Unknown") })).toMatchObject({ status: "failed" });
  });

  it("fails when somebody deletes its hook while it runs, not when one removes itself that has succeeded", () => {
    const job = object("Job/migrate", { hook: "PreSync" });
    const wave = firstWave(planSync(input({ objects: [missing(job)] })));
    expect(gated(wave, { [keyOf(job)]: { ...is("Progressing"), deleting: true } })).toEqual({
      status: "failed",
      message:
        "one or more synchronization tasks completed unsuccessfully, reason: batch/Job/migrate was deleted while the sync waited for it",
    });
    expect(gated(wave, { [keyOf(job)]: { ...is("Healthy"), deleting: true } })).toEqual({ status: "done" });
  });

  it("fails at once when its hook had failed before a restart", () => {
    const job = object("Job/migrate", { hook: "PreSync" });
    const hooks = [{ key: keyOf(job), type: "PreSync", phase: "Failed" }] as const;
    const wave = firstWave(planSync(input({ objects: [missing(job)], operation: { hooks } })));
    expect(gated(wave, {})).toMatchObject({ status: "failed" });
  });

  it("of prunes waits until its objects are gone when others are pruned after them", () => {
    const inventory = [
      applied(object("ConfigMap/late", { "sync-wave": "2" })),
      applied(object("ConfigMap/early")),
    ];
    const wave = firstWave(planSync(input({ objects: [], inventory, options: { allowEmpty: true } })));
    expect(gated(wave, {})).toMatchObject({ message: "waiting for deletion of ConfigMap/late" });
    const held = { exists: true, health: undefined, heldBy: ["example.com/hold"] };
    expect(gated(wave, { [keyOf(object("ConfigMap/late"))]: held })).toMatchObject({
      message:
        "waiting for deletion of ConfigMap/late, which example.com/hold in its metadata.finalizers holds",
    });
    expect(gated(wave, { [keyOf(object("ConfigMap/late"))]: { exists: false, health: undefined } })).toEqual({
      status: "done",
    });
  });
});

/** Runs a plan whose wave number `failing` fails, and tells the story. */
function story(plan: SyncPlan, failing = -1): readonly string[] {
  const lines: string[] = [];
  for (let progress = startProgress; lines.length < 20;) {
    const step = nextWave(plan, progress);
    if (step.do === "finish") return [...lines, `${step.phase}: ${step.message}`];
    lines.push(`${step.wave.phase} ${step.wave.step} ${step.wave.wave}`);
    progress = advance(
      progress,
      step.index,
      step.index === failing ? { status: "failed", message: "broken" } : { status: "done" },
    );
  }
  return lines;
}

describe("an operation", () => {
  const objects = [
    missing(object("Job/pre", { hook: "PreSync" })),
    missing(web),
    missing(object("Job/post", { hook: "PostSync" })),
    missing(object("Job/alarm", { hook: "SyncFail" })),
  ];

  it("runs its waves and succeeds", () => {
    expect(story(planSync(input({ objects })))).toEqual([
      "PreSync apply 0",
      "Sync apply 0",
      "PostSync apply 0",
      "Succeeded: successfully synced (all tasks run)",
    ]);
    expect(story(planSync(input({})))).toEqual(["Succeeded: successfully synced (no more tasks)"]);
  });

  it("runs the SyncFail hooks and nothing else after a failure", () => {
    expect(story(planSync(input({ objects })), 0)).toEqual([
      "PreSync apply 0",
      "SyncFail apply 0",
      "Failed: broken",
    ]);
  });

  it("applies the rest but prunes nothing and runs no PostSync hook when another application owns an object", () => {
    const shared = missing(object("ConfigMap/a"), { live: live(object("ConfigMap/a")), owner: "other" });
    const plan = planSync(
      input({ objects: [...objects, shared], inventory: [applied(object("ConfigMap/old"))] }),
    );
    expect(story(plan)).toEqual([
      "PreSync apply 0",
      "Sync apply 0",
      "SyncFail apply 0",
      "Failed: one or more objects failed to apply, reason: ConfigMap/shop/a: owned by application other, so shop does not apply it; remove it from one of the two, or set sync option TakeOwnership=true",
    ]);
  });

  it("does not begin when the plan is refused", () => {
    const plan = planSync(input({ inventory: [applied(object("ConfigMap/old"))] }));
    expect(nextWave(plan, startProgress)).toEqual({
      do: "finish",
      phase: "Failed",
      message:
        "one or more synchronization tasks are not valid, reason: application shop: revision 4f2a91c0ffee renders no object, and syncing it would prune what the application has, 1 objects; to go on: set syncPolicy.automated.allowEmpty=true or sync option AllowEmpty=true",
    });
  });
});
