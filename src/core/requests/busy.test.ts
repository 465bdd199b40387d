import { describe, expect, it } from "vitest";
import { parseApplication } from "#core/app/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import { refuseWhenBusy } from "./busy.ts";

function refusal(more: JsonObject, metadata: JsonObject = {}): string {
  const app = parseApplication({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace: "argocd", ...metadata },
    spec: { project: "default", destination: {}, source: { repoURL: "https://git.example.com/r" } },
    ...more,
  });
  try {
    refuseWhenBusy(app, "wait for it");
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const stateOf = (phase: string, message: string): JsonObject => ({
  status: { operationState: { phase, message, operation: {}, startedAt: "2026-01-01T00:00:00Z" } },
});

describe("an application that has an operation", () => {
  it("takes no other, and says what the one that runs is about", () => {
    expect(refusal(stateOf("Running", "waiting for wave 2"))).toBe(
      "Application/argocd/web: another operation is already in progress (waiting for wave 2); wait for it",
    );
  });

  it("is not explained with how the operation before ended", () => {
    expect(refusal({ ...stateOf("Succeeded", "successfully synced"), operation: { sync: {} } })).toBe(
      "Application/argocd/web: another operation is already in progress; wait for it",
    );
  });

  it("takes one when the last has ended, and none when it is being deleted", () => {
    expect(refusal(stateOf("Failed", "a hook failed"))).toBe("");
    const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(refusal({}, deleted)).toContain("it is being deleted");
  });
});
