import { describe, expect, it } from "vitest";
import type { Operation, OperationState } from "#core/app/index.ts";
import { operationStateOf, resumeOf } from "./operation-state.ts";

const operation: Operation = { sync: { revision: "abc", prune: true } };

const preSync = { syncPhase: "PreSync", hookType: "PreSync" };

function state(fields: Partial<OperationState> = {}): OperationState {
  return {
    operation,
    phase: "Running",
    startedAt: "2026-01-02T03:04:05Z",
    retryCount: 2,
    syncResult: {
      revision: "abc",
      resources: [
        line({ kind: "ConfigMap", name: "new", message: "configmap/new created" }),
        line({ kind: "ConfigMap", name: "old", message: "configmap/old unchanged" }),
        line({ kind: "ConfigMap", name: "bad", status: "SyncFailed" }),
        line({ kind: "Job", group: "batch", name: "pre", ...preSync, hookPhase: "Running" }),
      ],
    },
    ...fields,
  };
}

function line(fields: object) {
  return {
    group: "",
    version: "v1",
    kind: "",
    namespace: "shop",
    name: "",
    status: "Synced" as const,
    ...fields,
  };
}

describe("resuming an operation", () => {
  it("knows what was applied, and which hooks had started", () => {
    const resumed = resumeOf(operation, state());
    const shown = (name: string, message = "", code = "Synced") => ({
      key: `/ConfigMap/shop/${name}`,
      version: "v1",
      phase: "Sync",
      result: { code, message },
      hookPhase: undefined,
    });
    expect(resumed).toEqual({
      dueAtMs: undefined,
      startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
      retryCount: 2,
      applied: new Set(["/ConfigMap/shop/new"]),
      hooks: [{ key: "batch/Job/shop/pre", type: "PreSync", phase: "Running" }],
      lines: [
        shown("new", "configmap/new created"),
        shown("old", "configmap/old unchanged"),
        shown("bad", "", "SyncFailed"),
        { ...shown(""), key: "batch/Job/shop/pre", phase: "PreSync", hookPhase: "Running" },
      ],
      syncResult: state().syncResult,
    });
  });

  it("starts anew when the status is about another operation", () => {
    expect(resumeOf({ sync: { revision: "def" } }, state())).toBeUndefined();
  });

  it("starts anew when the operation of the status has ended", () => {
    expect(resumeOf(operation, state({ phase: "Succeeded" }))).toBeUndefined();
  });
});

describe("the manifests of a local sync", () => {
  const small: Operation = { sync: { prune: true, manifests: ["{}", "[]"] } };
  const large: Operation = { sync: { manifests: ["x".repeat(600_000)] } };
  const recorded = (of: Operation, finishedAtMs?: number) =>
    operationStateOf({
      operation: of,
      startedAtMs: 0,
      phase: "Running",
      message: "",
      retryCount: 0,
      ...(finishedAtMs === undefined ? {} : { finishedAtMs }),
    });

  it("are in the status while it runs, and no longer", () => {
    expect(recorded(small).operation).toEqual(small);
    expect(recorded(small, 1).operation.sync).toEqual({
      prune: true,
      manifests: ["# 2 manifests, left out when the sync ended"],
    });
  });

  it("are only told apart there when they are large, which a restart goes by", () => {
    const running = recorded(large);
    const digest = expect.stringMatching(
      /^# 1 manifest, which the operation has: sha256:[0-9a-f]{64}$/u,
    ) as string;
    expect(running.operation.sync?.manifests).toEqual([digest]);
    expect(resumeOf(large, running)).toBeDefined();
    const other: Operation = { sync: { manifests: [`y${"x".repeat(599_999)}`] } };
    expect(resumeOf(other, running)).toBeUndefined();
    expect(resumeOf(small, recorded(small))).toBeDefined();
  });
});
