import { describe, expect, it } from "vitest";
import type { ObjectKey } from "#core/object/index.ts";
import type { AutoSyncInput } from "./auto-sync.ts";
import { decideAutoSync } from "./auto-sync.ts";

const web = "apps/Deployment/shop/web" as ObjectKey;
const old = "/ConfigMap/shop/old" as ObjectKey;
const nowMs = 1_700_000_000_000;

const drift: AutoSyncInput = {
  policy: { prune: true, selfHeal: true },
  syncStatus: "OutOfSync",
  operationRunning: false,
  deleting: false,
  lastOperation: undefined,
  desiredRevision: "rev2",
  sourceDigest: "source",
  outOfSync: [{ key: web, requiresPrune: false }],
  empty: false,
  nowMs,
};
const succeeded = {
  phase: "Succeeded",
  revision: "rev2",
  sourceDigest: "source",
  finishedAtMs: nowMs - 1_000,
  autoHealAttempts: 0,
} as const;

describe("automated sync starts", () => {
  it("for a revision that was never tried", () => {
    expect(decideAutoSync(drift)).toEqual({
      sync: true,
      because: "new-revision",
      prune: true,
      message: "automated sync to rev2",
    });
  });

  it("for the same revision with other source settings, even after a failure", () => {
    const lastOperation = { ...succeeded, phase: "Failed", sourceDigest: "before" } as const;
    expect(decideAutoSync({ ...drift, lastOperation })).toMatchObject({
      sync: true,
      because: "new-revision",
    });
  });

  it("to undo drift of exactly the resources that drifted", () => {
    const outOfSync = [
      { key: web, requiresPrune: false },
      { key: old, requiresPrune: true },
    ];
    const heal = (prune: boolean) =>
      decideAutoSync({ ...drift, outOfSync, policy: { selfHeal: true, prune }, lastOperation: succeeded });
    expect(heal(false)).toEqual({
      sync: true,
      because: "self-heal",
      prune: false,
      attempt: 1,
      resources: [web],
      message: "self-heal 1 of 1 resources at rev2",
    });
    expect(heal(true)).toMatchObject({ resources: [old, web] });
  });
});

describe("automated sync waits", () => {
  it("0, 2, 6, 18, 54, 162, then 300 seconds between self-heals in a row", () => {
    const waits = Array.from({ length: 8 }, (_, autoHealAttempts) => {
      const decision = decideAutoSync({
        ...drift,
        lastOperation: { ...succeeded, finishedAtMs: nowMs, autoHealAttempts },
      });
      return "retryAtMs" in decision ? (decision.retryAtMs - nowMs) / 1_000 : 0;
    });
    expect(waits).toEqual([0, 2, 6, 18, 54, 162, 300, 300]);
  });

  it("no longer than that, and says how long", () => {
    const lastOperation = { ...succeeded, finishedAtMs: nowMs - 17_000, autoHealAttempts: 3 };
    expect(decideAutoSync({ ...drift, lastOperation })).toEqual({
      sync: false,
      because: "backing-off",
      retryAtMs: nowMs + 1_000,
      message: "drift came back after 3 self-heals in a row; next one in 1s",
    });
    expect(decideAutoSync({ ...drift, lastOperation, nowMs: nowMs + 1_000 })).toMatchObject({
      sync: true,
      attempt: 4,
    });
  });

  it("without waiting for a clock that was set back behind the last heal", () => {
    const lastOperation = { ...succeeded, finishedAtMs: nowMs + 3_600_000, autoHealAttempts: 3 };
    expect(decideAutoSync({ ...drift, lastOperation })).toMatchObject({ sync: true, because: "self-heal" });
  });

  it("not at all once a heal has held for five and a half minutes", () => {
    const lastOperation = { ...succeeded, finishedAtMs: nowMs - 330_000, autoHealAttempts: 7 };
    expect(decideAutoSync({ ...drift, lastOperation })).toMatchObject({ sync: true, attempt: 1 });
  });
});

describe("automated sync does not start", () => {
  it.each<[string, Partial<AutoSyncInput>, string]>([
    ["without a policy", { policy: undefined }, "disabled"],
    ["when switched off", { policy: { enabled: false, selfHeal: true } }, "disabled"],
    ["while the application is deleted", { deleting: true }, "deleting"],
    ["while an operation runs", { operationRunning: true }, "operation-running"],
    ["when in sync", { syncStatus: "Synced" }, "not-out-of-sync"],
    ["when the comparison failed", { syncStatus: "Unknown" }, "not-out-of-sync"],
    ["when no resource is known to be out of sync", { outOfSync: [] }, "not-out-of-sync"],
    [
      "for what only a prune would mend, without prune",
      { policy: { selfHeal: true }, outOfSync: [{ key: old, requiresPrune: true }] },
      "prune-only",
    ],
    ["again without self-heal", { policy: {}, lastOperation: succeeded }, "synced-before"],
    [
      "while the last operation has not ended",
      { lastOperation: { ...succeeded, phase: "Running" } },
      "operation-running",
    ],
  ])("%s", (_, change, because) => {
    expect(decideAutoSync({ ...drift, ...change })).toMatchObject({ sync: false, because });
  });

  it("again after a failure at the same revision, and names the failure", () => {
    const lastOperation = {
      ...succeeded,
      phase: "Failed",
      message: "one or more objects failed to apply",
    } as const;
    expect(decideAutoSync({ ...drift, lastOperation })).toEqual({
      sync: false,
      because: "failed-before",
      condition: "SyncError",
      message:
        "failed last sync attempt to rev2: one or more objects failed to apply; sync by hand, or commit a change",
    });
  });

  it("for a revision that would wipe everything out, unless empty is allowed", () => {
    const wiped = { ...drift, empty: true, outOfSync: [{ key: old, requiresPrune: true }] };
    expect(decideAutoSync(wiped)).toMatchObject({ sync: false, because: "empty", condition: "SyncError" });
    expect(decideAutoSync({ ...wiped, policy: { prune: true, allowEmpty: true } })).toMatchObject({
      sync: true,
    });
  });
});
