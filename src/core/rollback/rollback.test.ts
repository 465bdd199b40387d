import { describe, expect, it } from "vitest";
import type { HealthStatus } from "#core/health/index.ts";
import type { RollbackHold } from "./index.ts";
import {
  entryOf,
  formatHold,
  judgeDeployment,
  parseHold,
  parseLastHealthy,
  rollbackProblems,
  viewRollbackSettings,
} from "./index.ts";

const onFailure = "mooring.dev/rollback-on-failure";
const deadline = "mooring.dev/rollback-deadline";

describe("what an Application asks for", () => {
  it("is nothing unless it says so", () => {
    expect(viewRollbackSettings(undefined)).toBeUndefined();
    expect(viewRollbackSettings({ [onFailure]: "false", [deadline]: "1m" })).toBeUndefined();
  });

  it.each([
    [{ [onFailure]: "true" }, { ofManual: false, deadlineMs: 600_000, graceMs: 30_000 }],
    [
      { [onFailure]: "all", [deadline]: "90s" },
      { ofManual: true, deadlineMs: 90_000, graceMs: 30_000 },
    ],
    [
      { [onFailure]: "true", [deadline]: "5s" },
      { ofManual: false, deadlineMs: 5_000, graceMs: 5_000 },
    ],
  ])("%j", (annotations, settings) => {
    expect(viewRollbackSettings(annotations)).toEqual(settings);
  });

  it.each([
    [
      { [onFailure]: "yes" },
      `metadata.annotations[${onFailure}] is "yes"; write "true" (what was synced automatically), "all" (what people synced, too) or "false"`,
    ],
    [{ [deadline]: "soon" }, `metadata.annotations[${deadline}] is "soon"; write it like 90s or 10m`],
    [
      { [deadline]: "1h".repeat(100_000) + "x" },
      `metadata.annotations[${deadline}] is "${"1h".repeat(20)}…"; write it like 90s or 10m`,
    ],
    [{ [deadline]: "-5m" }, `metadata.annotations[${deadline}] is "-5m"; make it 1s or more`],
  ])("%j is a problem", (annotations, message) => {
    expect(rollbackProblems(annotations).map((one) => one.message)).toEqual([message]);
    expect(viewRollbackSettings({ [onFailure]: "true", ...annotations })).toBeUndefined();
  });
});

describe("a deployment", () => {
  const settings = { ofManual: false, deadlineMs: 600_000, graceMs: 30_000 };
  const judge = (health: HealthStatus, atMs: number, { synced = true, sinceMs = 0 } = {}) =>
    judgeDeployment({ settings, deployedAtMs: 0, synced, health, healthSinceMs: sinceMs, nowMs: atMs });

  it("is good once it was Healthy and Synced for a while", () => {
    expect(judge("Healthy", 10_000)).toEqual({ verdict: "open", atMs: 30_000 });
    expect(judge("Healthy", 30_000)).toEqual({ verdict: "healthy" });
    expect(judge("Healthy", 30_000, { synced: false })).toEqual({ verdict: "open", atMs: undefined });
  });

  it("has failed when it stays Degraded for a while", () => {
    expect(judge("Degraded", 50_000, { sinceMs: 45_000 })).toEqual({ verdict: "open", atMs: 75_000 });
    expect(judge("Degraded", 75_000, { sinceMs: 45_000 })).toEqual({
      verdict: "failed",
      reason: "it is Degraded",
    });
  });

  it.each(["Progressing", "Missing"] as const)("has failed when it is %s at the deadline", (health) => {
    expect(judge(health, 599_999)).toEqual({ verdict: "open", atMs: 600_000 });
    expect(judge(health, 600_000)).toEqual({
      verdict: "failed",
      reason: `it is ${health} 10m after it was synced`,
    });
  });

  it.each(["Suspended", "Unknown"] as const)("is not judged while it is %s", (health) => {
    expect(judge(health, 3_600_000)).toEqual({ verdict: "open", atMs: undefined });
  });
});

const hold: RollbackHold = {
  revisions: ["b".repeat(40)],
  sources: "digest",
  to: { id: 3, revisions: ["a".repeat(40)] },
  since: "2026-01-01T00:00:00Z",
  reason: "it is Degraded",
  state: "done",
};

describe("what is remembered", () => {
  const read = (text: string) => parseHold({ "mooring.dev/rollback-hold": text });

  it("is read as it was written", () => {
    expect(read(JSON.stringify(hold))).toEqual(hold);
    expect(parseHold({})).toBeUndefined();
    expect(parseLastHealthy({ "mooring.dev/last-healthy": JSON.stringify(hold.to) })).toEqual(hold.to);
  });

  it.each(["", "{}", "[]", '{"revisions": 1}', JSON.stringify({ ...hold, state: 1 }), "x".repeat(70_000)])(
    "is refused when it is something else: %.40s",
    (text) => {
      expect(() => read(text)).toThrow(
        /^metadata\.annotations\[mooring\.dev\/rollback-hold\] .*; take it off to go on/u,
      );
    },
  );

  it("is no entry of a history that was emptied and has begun anew", () => {
    const entry = { id: 3, deployedAt: "2026-01-01T00:00:00Z", revision: "a".repeat(40) };
    expect(entryOf([entry], hold.to)).toBe(entry);
    expect(entryOf([{ ...entry, revision: "c".repeat(40) }], hold.to)).toBeUndefined();
    expect(entryOf([{ ...entry, id: 4 }], hold.to)).toBeUndefined();
  });

  it.each(["pending", "done", "failed"] as const)("says what it means and what ends it: %s", (state) => {
    const text = formatHold({ ...hold, state, failure: "it broke" }, "web");
    expect(text).toContain("revision bbbbbbb failed (it is Degraded)");
    expect(text).toContain("aaaaaaa");
    expect(text).toContain("mooring app resume web");
  });
});
