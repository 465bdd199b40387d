import { describe, expect, it } from "vitest";
import { awaitsConfirmation, operationRows } from "./operation-rows.ts";

describe("what became of the objects of a sync", () => {
  it("shows what failed first, then what runs", () => {
    const resources = [
      { kind: "ConfigMap", name: "a", status: "Synced", syncPhase: "Sync" },
      {
        kind: "Job",
        name: "m",
        status: "Synced",
        hookType: "PreSync",
        hookPhase: "Running",
        syncPhase: "PreSync",
      },
      { kind: "Service", name: "s", status: "SyncFailed", message: "no", syncPhase: "Sync" },
      { kind: "ConfigMap", name: "old", status: "Pruned", syncPhase: "Sync" },
      { kind: "ConfigMap", name: "kept", status: "PruneSkipped", syncPhase: "Sync" },
      { kind: "ConfigMap", name: "next", status: "", message: "not applied yet", syncPhase: "Sync" },
    ];
    expect(
      operationRows({ syncResult: { resources } }).map(({ name, word, phase }) => `${name} ${word} ${phase}`),
    ).toEqual([
      "s Failed Sync",
      "m Running PreSync (hook)",
      "next Waiting Sync",
      "kept Kept Sync",
      "a Done Sync",
      "old Deleted Sync",
    ]);
  });

  it("knows that somebody has to confirm, only while the sync runs", () => {
    const message = "waiting for pruning confirmation of ConfigMap/shop/a; to approve it run: mooring";
    expect(awaitsConfirmation({ phase: "Running", message })).toBe(true);
    expect(awaitsConfirmation({ phase: "Failed", message })).toBe(false);
    expect(awaitsConfirmation(undefined)).toBe(false);
  });
});
