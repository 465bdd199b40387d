import { describe, expect, it } from "vitest";
import { decideHold } from "./decide-hold.ts";
import { rollbackTarget, startOfStage } from "./decide-rollback.ts";
import { parsePipeline } from "./pipeline.ts";
import type { Promotion } from "./promotion.ts";

const at = "2026-12-01T00:00:00Z";
const start = "0".repeat(40);

type Given = Partial<Promotion["spec"]> & {
  readonly name: string;
  readonly phase?: "Succeeded" | "Failed" | "RolledBack" | "Waiting";
  readonly isWritten?: boolean;
};

/** The promotions of a stage in the order in which they were written. */
function history(...given: readonly Given[]): readonly Promotion[] {
  return given.map(({ name, phase = "Succeeded", isWritten = true, ...spec }, i) => {
    const time = `2026-12-01T00:${10 + i}:00Z`;
    const written = { commit: `${i + 1}`.repeat(40), base: `${i}`.repeat(40), writtenAt: time };
    return {
      name,
      namespace: "argocd",
      uid: name,
      resourceVersion: "1",
      createdAt: time,
      spec: {
        pipeline: "shop",
        stage: "prod",
        kind: "Promote",
        cause: "Person",
        revision: name.padEnd(40, "0"),
        requestedBy: { username: "ann" },
        requestedAt: time,
        ...spec,
      },
      status: { phase, finishedAt: time, ...(isWritten ? written : {}) },
    };
  });
}

const back = (name: string, to: string): Given => ({
  name,
  kind: "Rollback",
  rollbackTo: to,
  revision: (to === startOfStage ? "" : to).padEnd(40, "0"),
});

const nameOf = (target: ReturnType<typeof rollbackTarget>): string | undefined =>
  target?.kind === "promotion" ? target.promotion.name : target?.commit;

describe("a rollback", () => {
  it("that is asked for twice goes one further back each time, and then to the start, and says so", () => {
    const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];
    const once = history(a, b, c);
    expect(nameOf(rollbackTarget(undefined, once))).toBe("b");
    const twice = history(a, b, { ...c, phase: "RolledBack" }, back("r1", "b"));
    expect(nameOf(rollbackTarget(undefined, twice))).toBe("a");
    const takenBack = [a, b, c].map((one) => ({ ...one, phase: "RolledBack" as const }));
    const thrice = history(a, ...takenBack.slice(1), back("r1", "b"), back("r2", "a"));
    expect(rollbackTarget(undefined, thrice)).toEqual({ kind: "start", commit: start });
    const atStart = history(...takenBack, back("r1", "b"), back("r2", "a"), back("r3", startOfStage));
    expect(rollbackTarget(undefined, atStart)).toBeUndefined();
    expect(rollbackTarget(startOfStage, atStart)).toEqual({ kind: "start", commit: start });
  });

  it("takes what a push brings that is not written yet for what is to be taken back", () => {
    const pushed = { name: "pushed", cause: "Git", phase: "Waiting", isWritten: false } as const;
    const list = history({ name: "a" }, { name: "b" }, pushed);
    expect(nameOf(rollbackTarget(undefined, list, "pushed"))).toBe("b");
  });

  it("goes back to what was good once more after it had been taken back", () => {
    const list = history(
      { name: "a" },
      { name: "b", phase: "RolledBack" },
      back("r1", "a"),
      { name: "b2", revision: "b".padEnd(40, "0") },
      { name: "c", phase: "Failed" },
    );
    expect(nameOf(rollbackTarget(undefined, list))).toBe("b2");
  });
});

it("what a person promotes although it is held, and is good then, is held no more, and the rest is", () => {
  const pipeline = parsePipeline({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace: "argocd", uid: "u" },
    spec: {
      repoURL: "https://git.example.com/shop.git",
      stages: [{ name: "prod", branch: "prod", applications: [] }],
    },
  });
  const [a, b] = ["a".padEnd(40, "0"), "b".padEnd(40, "0")] as const;
  const hold = (...revisions: string[]) => ({ revisions, by: "mooring", reason: "late", since: at });
  const ask = (before: ReturnType<typeof hold>, cause: "Person" | "Automation") =>
    decideHold({ stage: "prod", before, pipeline, promotions: history({ name: "a", cause }) });
  expect(ask(hold(a), "Person")).toBeUndefined();
  expect(ask(hold(a, b), "Person")).toEqual(hold(b));
  expect(ask(hold(a), "Automation")).toEqual(hold(a));
  // It was rolled back in the second in which it had been written.
  const written = history({ name: "a", cause: "Person" })[0]?.status.writtenAt ?? "";
  const now = { ...hold(a), since: written };
  expect(written).not.toBe("");
  expect(ask(now, "Person")).toEqual(now);
});
