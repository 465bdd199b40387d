import { describe, expect, it } from "vitest";
import { formatCondition, setConditions } from "./conditions.ts";
import { cascadeOf, deletionStageOf, withHookFinalizers } from "./finalizers.ts";
import { appendHistory } from "./history.ts";
import type { RevisionHistory } from "./types.ts";

describe("setConditions", () => {
  const syncError = { type: "SyncError", message: "a", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const shared = { type: "SharedResourceWarning", message: "b", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const now = "2026-02-02T00:00:00Z";

  it("keeps the time of a condition that is found again, and what was not looked at", () => {
    const found = [{ type: "SyncError" as const, message: "a" }];
    expect(setConditions([syncError, shared], { evaluated: ["SyncError"], found, now })).toEqual([
      shared,
      syncError,
    ]);
  });

  it("removes what was looked at and not found", () => {
    expect(setConditions([syncError, shared], { evaluated: ["SyncError"], found: [], now })).toEqual([
      shared,
    ]);
  });

  it("gives a new message a new time", () => {
    const found = [{ type: "SyncError" as const, message: "other" }];
    expect(setConditions([syncError], { evaluated: [], found, now }).map(formatCondition)).toEqual([
      "SyncError: other",
    ]);
    expect(setConditions([syncError], { evaluated: [], found, now })[0]?.lastTransitionTime).toBe(now);
  });

  it("gives the same list whatever the order of the findings, without repeating one", () => {
    const found = [
      { type: "InvalidSpecError" as const, message: "y" },
      { type: "InvalidSpecError" as const, message: "x" },
      { type: "InvalidSpecError" as const, message: "y" },
    ];
    const conditions = setConditions([], { evaluated: ["InvalidSpecError"], found, now });
    expect(conditions.map(formatCondition)).toEqual(["InvalidSpecError: x", "InvalidSpecError: y"]);
    const again = setConditions(conditions, { evaluated: [], found: found.toReversed(), now: "later" });
    expect(again).toEqual(conditions);
  });
});

describe("appendHistory", () => {
  const entry = { deployedAt: "2026-01-01T00:00:00Z", revision: "c0ffee" };

  it("counts ids up from 0 and keeps the newest ten", () => {
    let history: readonly RevisionHistory[] = [];
    for (let i = 0; i < 12; i++) history = appendHistory(history, entry);
    expect(history.map(({ id }) => id)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("keeps as many as asked, and none for 0", () => {
    const history = [
      { ...entry, id: 7 },
      { ...entry, id: 3 },
    ];
    expect(appendHistory(history, entry, 2)).toEqual([
      { ...entry, id: 3 },
      { ...entry, id: 8 },
    ]);
    expect(appendHistory(history, entry, 0)).toEqual([]);
  });
});

describe("cascadeOf", () => {
  const deletion = (...finalizers: string[]) =>
    cascadeOf({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { finalizers } });

  it("deletes objects only when a finalizer says so", () => {
    expect(deletion()).toBe("none");
    expect(deletion("other.example/finalizer")).toBe("none");
    expect(deletion("resources-finalizer.argocd.argoproj.io")).toBe("foreground");
    expect(deletion("resources-finalizer.argocd.argoproj.io/foreground")).toBe("foreground");
    expect(deletion("resources-finalizer.argocd.argoproj.io/background")).toBe("background");
  });
});

describe("the stages of a deletion", () => {
  const cascade = "resources-finalizer.argocd.argoproj.io";
  const pre = "pre-delete-finalizer.argocd.argoproj.io";
  const post = "post-delete-finalizer.argocd.argoproj.io";

  it("go on from one to the next as their finalizers go", () => {
    let left: readonly string[] = [
      `${post}/cleanup`,
      post,
      "other.example/finalizer",
      cascade,
      `${pre}/cleanup`,
      pre,
    ];
    const stages: string[] = [];
    for (let stage = deletionStageOf(left); stage !== undefined; stage = deletionStageOf(left)) {
      const { finalizers } = stage;
      stages.push(stage.do === "delete-objects" ? stage.do : `${stage.do} ${stage.hooks}`);
      left = left.filter((finalizer) => !finalizers.includes(finalizer));
    }
    expect(stages).toEqual([
      "run-hooks PreDelete",
      "clean-hooks PreDelete",
      "delete-objects",
      "run-hooks PostDelete",
      "clean-hooks PostDelete",
    ]);
    expect(left).toEqual(["other.example/finalizer"]);
  });

  it("have the finalizers of the hooks that Git has, and no others of hooks", () => {
    const both = [cascade, pre, `${pre}/cleanup`, post, `${post}/cleanup`];
    expect(withHookFinalizers([cascade], ["PreDelete", "PostDelete"])).toEqual(both);
    expect(withHookFinalizers(both, ["PreDelete", "PostDelete"])).toBeUndefined();
    expect(withHookFinalizers(both, ["PostDelete"])).toEqual([cascade, post, `${post}/cleanup`]);
    expect(withHookFinalizers([cascade, pre], ["PreDelete"])).toEqual([cascade, pre, `${pre}/cleanup`]);
    expect(withHookFinalizers(both, [])).toEqual([cascade]);
    expect(withHookFinalizers([], [])).toBeUndefined();
  });
});
