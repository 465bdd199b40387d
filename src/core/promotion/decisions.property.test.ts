import { assert, constantFrom, integer, property, record, uniqueArray, array, boolean } from "fast-check";
import { expect, it } from "vitest";
import { decideAutomation, spentRevisions } from "./decide-automation.ts";
import { decideCandidate, withPassed } from "./decide-candidate.ts";
import { decidePrune } from "./decide-prune.ts";
import { rollbackTarget, takenBack, writtenPromotions } from "./decide-rollback.ts";
import { promotionsOfCommits, revertedCommits } from "./find-reverted.ts";
import type { Promotion } from "./promotion.ts";
import { hasEnded, isLost } from "./promotion.ts";

const revision = integer({ min: 0, max: 9 }).map((digit) => `${digit}`.repeat(40));
const revisions = uniqueArray(revision, { maxLength: 8 });
const at = "2026-12-01T00:00:00Z";
const passedOf = (list: readonly string[]) => list.map((each) => ({ revision: each, at }));

it("a candidate is verified in all stages before, held nowhere, and never older than what the stage has", () => {
  const questions = record({
    first: revisions,
    second: revisions,
    holds: revisions,
    spent: revisions,
    own: revision,
    takesEach: boolean(),
  });
  assert(
    property(questions, ({ first, second, holds, spent, own, takesEach }) => {
      const before = [{ passed: passedOf(first) }, { passed: passedOf(second) }];
      const found = decideCandidate({ revision: own, before, holds, takesEach, spent });
      if (takesEach) expect(spent).not.toContain(found);
      if (found === undefined) return;
      expect(first).toContain(found);
      expect(second).toContain(found);
      expect(holds).not.toContain(found);
      expect(found).not.toBe(own);
      if (first.includes(own)) expect(first.indexOf(found)).toBeLessThan(first.indexOf(own));
    }),
  );
});

it("what was verified once keeps its place, and twenty are remembered", () => {
  assert(
    property(array(revision, { maxLength: 60 }), (list) => {
      const passed = list.reduce<readonly { readonly revision: string; readonly at: string }[]>(
        (known, each) => withPassed(known, { revision: each, at }),
        [],
      );
      expect(passed.length).toBeLessThanOrEqual(20);
      expect(passed.map((each) => each.revision).toReversed()).toEqual([...new Set(list)]);
    }),
  );
});

const phases = ["Pending", "Waiting", "Applying", "Succeeded", "Failed", "Superseded", "RolledBack"] as const;
const promotion = record({
  revision,
  phase: constantFrom(...phases),
  kind: constantFrom("Promote" as const, "Rollback" as const),
  cause: constantFrom("Automation" as const, "Person" as const, "Git" as const),
  second: integer({ min: 10, max: 59 }),
  isWritten: boolean(),
});

const promotions = array(promotion, { maxLength: 12 }).map((list) =>
  list.map(({ revision: of, phase, kind, cause, second, isWritten }, i): Promotion => {
    const time = `2026-12-01T00:00:${second}Z`;
    return {
      name: `p${i}`,
      namespace: "argocd",
      uid: `${i}`,
      resourceVersion: "1",
      createdAt: time,
      spec: {
        pipeline: "shop",
        stage: "prod",
        kind,
        cause,
        revision: of,
        attempt: 1,
        requestedBy: { username: "ann" },
        requestedAt: time,
      },
      status: { phase, ...(isWritten ? { commit: of, base: of, writtenAt: time } : {}) },
    };
  }),
);

it("automation begins nothing while anything else is open, and nothing that failed before", () => {
  assert(
    property(promotions, revision, boolean(), (list, candidate, takesEach) => {
      const stage = { isAutomatic: true, takesEach };
      const attempt = decideAutomation({ stage, candidate, obstacle: undefined, promotions: list });
      if (attempt === undefined) return;
      const open = list.filter((each) => !hasEnded(each));
      expect(open.every(({ spec }) => spec.cause === "Automation" && spec.revision !== candidate)).toBe(true);
      const same = list.filter(({ spec }) => spec.kind === "Promote" && spec.revision === candidate);
      expect(same.map(({ status }) => status.phase)).not.toContain("Failed");
      expect(decideAutomation({ stage, candidate, obstacle: "frozen", promotions: list })).toBeUndefined();
    }),
  );
});

it("nothing is pruned that is open, current, or what a rollback leads to", () => {
  assert(
    property(promotions, integer({ min: 2, max: 4 }), (list, limit) => {
      const current = list[0]?.name;
      const gone = decidePrune({ promotions: list, current, limit });
      const target = rollbackTarget(undefined, list);
      expect(gone).not.toContain(current);
      if (target?.kind === "promotion") expect(gone).not.toContain(target.promotion.name);
      for (const name of gone) {
        const found = list.find((each) => each.name === name);
        expect(found !== undefined && hasEnded(found)).toBe(true);
      }
      expect(list.filter((each) => hasEnded(each)).length - gone.length).toBeGreaterThanOrEqual(
        Math.min(limit, list.filter((each) => hasEnded(each)).length),
      );
    }),
  );
});

it("a rollback never takes back what it leads to, and only what was written after it", () => {
  assert(
    property(promotions, (list) => {
      const target = rollbackTarget(undefined, list);
      if (target?.kind !== "promotion") return;
      const { name, spec, status } = target.promotion;
      for (const back of takenBack(target, list)) {
        expect(back.name).not.toBe(name);
        expect(back.spec.revision).not.toBe(spec.revision);
        expect((back.status.writtenAt ?? "") > (status.writtenAt ?? "")).toBe(true);
      }
      expect(status.phase).toBe("Succeeded");
      expect(writtenPromotions(list)[0]?.spec.revision).not.toBe(spec.revision);
    }),
  );
});

it("a message that quotes a revert in the middle of a line reverts nothing", () => {
  const one = "a".repeat(40);
  expect(revertedCommits(`Revert "x"\n\nThis reverts commit ${one}.\n`)).toEqual([one]);
  expect(revertedCommits(`He said: This reverts commit ${one}.`)).toEqual([]);
  expect(
    revertedCommits(`This reverts commit ${one}, reversing\nchanges made to ${"b".repeat(40)}.`),
  ).toEqual([one]);
  expect(promotionsOfCommits([], [])).toEqual([]);
});

it("a stage that takes each goes on with the next revision when one has failed, and one that takes the newest does not go back", () => {
  const [own, failed, next] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];
  const before = [{ passed: passedOf([next, failed, own]) }];
  const asked = { revision: own, before, holds: [], takesEach: true };
  expect(decideCandidate({ ...asked, spent: [] })).toBe(failed);
  expect(decideCandidate({ ...asked, spent: [failed] })).toBe(next);
  expect(decideCandidate({ ...asked, takesEach: false, spent: [next] })).toBe(next);
});

it("what failed is spent until somebody asks for it again", () => {
  const spec = { kind: "Promote", revision: "2".repeat(40) } as Promotion["spec"];
  const failed = { spec, status: { phase: "Failed" } } as const;
  expect(spentRevisions([failed])).toEqual([spec.revision]);
  expect(spentRevisions([failed, { spec, status: { phase: "Waiting" } }])).toEqual([]);
  expect(spentRevisions([{ spec, status: { phase: "Superseded" } }])).toEqual([]);
});

it("what was refused, or gave way before it was written, breaks its release, and what was overtaken afterwards does not", () => {
  const lost = (phase: (typeof phases)[number] | "Refused", writtenAt?: string) =>
    isLost({ status: { phase, ...(writtenAt === undefined ? {} : { writtenAt }) } });
  expect([lost("Failed"), lost("Failed", at), lost("Refused"), lost("RolledBack", at)]).not.toContain(false);
  expect(lost("Superseded")).toBe(true);
  expect([lost("Superseded", at), lost("Succeeded", at), lost("Waiting")]).not.toContain(true);
});
