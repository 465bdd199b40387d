import { describe, expect, it } from "vitest";
import type { Health } from "#core/health/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { formatObjectKey, keyOf } from "#core/object/index.ts";
import { hookFinalizer } from "#core/tracking/index.ts";
import type { LiveDeletionHook } from "./deletion-hooks.ts";
import { deletionHooksOf, planDeletionHooks, planHooksCleanup } from "./deletion-hooks.ts";
import { live, object } from "./testdata/build.ts";
import { defaultObjectSyncOptions } from "./traits.ts";

const run = { type: "PreDelete", requestedAtMs: 1_700_000_000_000 } as const;

const wanted = (desired: KubeObject, digest = "0123456789abcdef0123") => ({
  key: keyOf(desired),
  desired,
  digest,
});

/** A hook of this deletion; `health` of what lives under its name, `absent` for nothing. */
function hook(
  desired: KubeObject,
  standing: Health["status"] | "absent",
  more: Partial<LiveDeletionHook> = {},
): LiveDeletionHook {
  const [named] = deletionHooksOf([wanted(desired)], run);
  if (named === undefined) throw new Error("not a hook of this deletion");
  const found = standing === "absent" ? undefined : live(named.desired);
  return {
    ...named,
    live: found,
    health: standing === "absent" ? undefined : { status: standing },
    owner: undefined,
    trackedByUs: found !== undefined,
    ...more,
  };
}

function next(...hooks: readonly LiveDeletionHook[]): string {
  const step = planDeletionHooks({
    ...run,
    app: "shop",
    objectDefaults: defaultObjectSyncOptions,
    hooks,
  });
  if (step.do === "done") return "done";
  if (step.do !== "start") return `${step.do}: ${step.message}`;
  const started = step.groups.map((group) =>
    group
      .map(({ key, hook: how }) => {
        const replaced = how?.replaces === undefined ? "" : " anew";
        return `${formatObjectKey(key)}${replaced}`;
      })
      .join(", "),
  );
  return `start: ${started.join("; ")}`;
}

const pre = (id: string, more: Readonly<Record<string, string>> = {}) =>
  object(id, { hook: "PreDelete", ...more });
const first = pre("Job/first", { "sync-wave": "-1" });
const second = pre("Job/second");
const account = pre("ServiceAccount/runner");

describe("the hooks of a deletion", () => {
  it("are those of its type, whatever else they are, Helm's too", () => {
    const objects = [
      second,
      object("Job/sync", { hook: "PreSync" }),
      object("Job/both", { hook: "PreSync,PreDelete" }),
      object("Job/helm", { "helm.sh/hook": "pre-delete", "helm.sh/hook-weight": "4" }),
      object("Job/skipped", { hook: "Skip,PreDelete" }),
      object("Job/after", { hook: "PostDelete" }),
      object("ConfigMap/plain"),
    ];
    const hooks = deletionHooksOf(
      objects.map((one) => wanted(one)),
      run,
    );
    expect(hooks.map(({ key, wave }) => `${formatObjectKey(key)} ${wave}`)).toEqual([
      "Job/shop/second 0",
      "Job/shop/both 0",
      "Job/shop/helm 4",
    ]);
  });

  it("get a name that stays the same for one deletion and one manifest", () => {
    const { name: _, ...metadata } = second.metadata;
    const generated = { ...second, metadata: { ...metadata, generateName: "backup-" } };
    const names = ["aaaaaaaaaa", "aaaaaaaaaa", "bbbbbbbbbb"].map((digest) => {
      const [named] = deletionHooksOf([wanted(generated, digest)], run);
      return named?.desired.metadata.name;
    });
    expect(names).toEqual([
      "backup-aaaaaaa-predelete-1700000000",
      "backup-aaaaaaa-predelete-1700000000",
      "backup-bbbbbbb-predelete-1700000000",
    ]);
  });

  it("are kept until their result was seen, where they have one", () => {
    const hooks = deletionHooksOf([wanted(second), wanted(account)], run);
    expect(hooks.map(({ desired }) => desired.metadata.finalizers)).toEqual([[hookFinalizer], undefined]);
  });

  it("start wave by wave, and in a wave by kind", () => {
    expect(next(hook(first, "absent"), hook(second, "absent"))).toBe("start: Job/shop/first");
    expect(next(hook(first, "Progressing"), hook(second, "absent"))).toBe(
      "wait: completion of PreDelete hook batch/Job/first",
    );
    const after = next(hook(first, "Healthy"), hook(second, "absent"), hook(account, "absent"));
    expect(after).toBe("start: ServiceAccount/shop/runner; Job/shop/second");
    expect(next(hook(first, "Healthy"), hook(second, "Healthy"), hook(account, "Healthy"))).toBe("done");
    expect(next()).toBe("done");
  });

  it("stop the deletion when one fails", () => {
    const health = { status: "Degraded", message: "exit code 3" } as const;
    expect(next(hook(first, "Degraded", { health }), hook(second, "absent"))).toBe(
      "failed: batch/Job/first is Degraded: exit code 3",
    );
    expect(next(hook(first, "Unknown"))).toBe("failed: batch/Job/first is Unknown");
  });

  it("run again when the manifest of one that failed or hangs changes, but not when that of one that succeeded does", () => {
    const [before] = deletionHooksOf([wanted(first, "another manifest")], run);
    const old = live(before?.desired ?? first);
    expect(next(hook(first, "Degraded", { live: old }))).toBe("start: Job/shop/first anew");
    expect(next(hook(first, "Healthy", { live: old }))).toBe("done");
    expect(next(hook(first, "Progressing", { live: old }))).toBe("start: Job/shop/first anew");
  });

  it("replace what a sync or an earlier deletion left under their name", () => {
    expect(next(hook(first, "Healthy", { live: live(first) }))).toBe("start: Job/shop/first anew");
    const plain = live(object("Job/first"));
    expect(next(hook(first, "Healthy", { live: plain, trackedByUs: true }))).toBe(
      "start: Job/shop/first anew",
    );
    expect(next(hook(first, "Healthy", { live: plain, trackedByUs: false }))).toBe("start: Job/shop/first");
  });

  it("do not touch the object of another application", () => {
    expect(
      next(hook(first, "Healthy", { live: live(first), owner: "billing", trackedByUs: false })),
    ).toContain("failed: Job/shop/first: owned by application billing");
  });

  it("wait until one that somebody deletes is gone, and run it again", () => {
    const deleting = live(hook(first, "Progressing").desired, { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const waits = "wait: completion of PreDelete hook batch/Job/first";
    expect(next(hook(first, "Progressing", { live: deleting }))).toBe(waits);
    expect(next(hook(first, "Degraded", { live: deleting }))).toBe(waits);
    const removesItself = { ...deleting, spec: { ttlSecondsAfterFinished: 0 } };
    expect(next(hook(first, "Degraded", { live: removesItself }))).toBe(
      "failed: batch/Job/first is Degraded",
    );
    expect(next(hook(first, "Healthy", { live: removesItself }))).toBe("done");
  });
});

it("hooks that have run are removed or let go of, as their policies say", () => {
  const clean = (id: string, policy: string, status: Health["status"]) => {
    const { key, live: found } = hook(pre(id, { "hook-delete-policy": policy }), status);
    return { key, live: found ?? first, health: { status } };
  };
  const { remove, release } = planHooksCleanup(
    [
      clean("Job/removed", "HookSucceeded", "Healthy"),
      clean("Job/left", "BeforeHookCreation", "Healthy"),
      clean("Job/kept", "HookFailed", "Healthy"),
      clean("Job/corrected", "HookFailed", "Degraded"),
      { key: keyOf(second), live: live(second), health: { status: "Healthy" } },
    ],
    run,
  );
  expect(remove.map(({ key }) => formatObjectKey(key))).toEqual(["Job/shop/removed", "Job/shop/corrected"]);
  expect(release.map(({ key }) => formatObjectKey(key))).toEqual(["Job/shop/left", "Job/shop/kept"]);
});
