import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countApprovals } from "./count-approvals.ts";
import type { Gate } from "./gate.ts";
import type { Promotion } from "./promotion.ts";
import type { Approval } from "./types.ts";

const digest = "sha256:now";
const at = "2026-01-01T00:00:00Z";

const gateOf = (approvals: NonNullable<Gate["spec"]["approvals"]>): Gate => ({
  name: "approvals",
  kind: "approvals",
  timeoutMs: 1_000,
  spec: { approvals },
});

const approvalOf = (username: string, more: Partial<Approval> = {}): Approval => ({
  username,
  at,
  digest,
  ...more,
});

function promotionOf(
  approvals: readonly Approval[],
  more: Partial<Promotion["spec"]> = {},
): Pick<Promotion, "spec" | "status"> {
  return {
    spec: {
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision: "a".repeat(40),
      requestedBy: { username: "asker" },
      requestedAt: at,
      ...more,
    },
    status: {
      plan: { digest, applications: [] },
      commits: [{ commit: "b".repeat(40), author: "Ada Lovelace", email: "Ada@Example.com" }],
      approvals: [...approvals],
    },
  };
}

const countedOf = (
  approvals: readonly Approval[],
  more: Partial<Promotion["spec"]> = {},
): readonly string[] => countApprovals(gateOf({ required: 1 }), promotionOf(approvals, more)).counted;

describe("an approval", () => {
  it("counts once for each person, whatever the case of the name", () => {
    expect(countedOf([approvalOf("kim"), approvalOf("KIM"), approvalOf("kim"), approvalOf("lee")])).toEqual([
      "kim",
      "lee",
    ]);
  });

  it("of whoever asked, of an author by name or address, or of another plan does not count, and says why", () => {
    const approvals = [
      approvalOf("Asker"),
      approvalOf("ada lovelace"),
      approvalOf("ada@example.com"),
      approvalOf("kim", { digest: "sha256:before" }),
    ];
    const { counted, ignored } = countApprovals(gateOf({ required: 1 }), promotionOf(approvals));
    expect(counted).toEqual([]);
    expect(ignored.map(({ username, reason }) => `${username} ${reason}`)).toEqual([
      "Asker does not count, because they asked for the promotion; ask somebody else",
      "ada lovelace does not count, because they are the author of commit bbbbbbb; ask somebody else",
      "ada@example.com does not count, because they are the author of commit bbbbbbb; ask somebody else",
      "kim is of another plan than what would be applied now; look at it again",
    ]);
  });

  it("of an author who is called otherwise where they log in does not count, though the commits were made after it", () => {
    const approvals = [approvalOf("10.42", { aliases: ["kim", "ADA@example.com"] })];
    const { counted, ignored } = countApprovals(gateOf({ required: 1 }), promotionOf(approvals));
    expect(counted).toEqual([]);
    expect(ignored[0]?.reason).toContain("they are the author of commit bbbbbbb");
  });

  it("of the author of a commit that is not among those that are shown does not count", () => {
    const promotion = promotionOf([approvalOf("grace"), approvalOf("kim")]);
    const status = { ...promotion.status, authors: [{ name: "Grace", email: "grace@example.com" }] };
    const { counted, ignored } = countApprovals(gateOf({}), { ...promotion, status });
    expect(counted).toEqual(["kim"]);
    expect(ignored[0]?.reason).toContain("they are the author of one of its commits");
  });

  it("of just anybody does not count where not all authors are known, and of who is named does", () => {
    const promotion = promotionOf([approvalOf("grace")]);
    const status = { ...promotion.status, authors: [], authorsCut: true };
    const counted = (gate: Gate) => countApprovals(gate, { ...promotion, status }).counted;
    expect(counted(gateOf({}))).toEqual([]);
    expect(counted(gateOf({ users: ["grace"] }))).toEqual(["grace"]);
  });

  it("counts of somebody whose name automation happens to have", () => {
    expect(countedOf([approvalOf("asker")], { cause: "Automation" })).toEqual(["asker"]);
    expect(countedOf([approvalOf("asker")], { cause: "Git" })).toEqual(["asker"]);
  });

  it("counts of the users and the members of the groups that the gate names, exactly as they are written", () => {
    const approvals = [
      approvalOf("kim"),
      approvalOf("lee", { groups: ["ops"] }),
      approvalOf("Kim2"),
      approvalOf("mo", { groups: ["OPS"] }),
    ];
    const gate = gateOf({ required: 2, users: ["kim"], groups: ["ops"] });
    expect(countApprovals(gate, promotionOf(approvals)).counted).toEqual(["kim", "lee"]);
  });

  it("counts for nothing before there is a plan", () => {
    const { spec, status } = promotionOf([approvalOf("kim")]);
    const { plan: _, ...unplanned } = status;
    expect(countApprovals(gateOf({ required: 1 }), { spec, status: unplanned }).counted).toEqual([]);
  });
});

const names = fc.constantFrom(
  "kim",
  "KIM",
  " kim",
  "lee",
  "asker",
  "ASKER",
  "ada@example.com",
  "Ada Lovelace",
  "mo",
);
const anyApproval = fc.record({
  username: names,
  digest: fc.constantFrom(digest, "sha256:before"),
  groups: fc.subarray(["ops", "dev"]),
  at: fc.constant(at),
});
const anyGate = fc.record({
  required: fc.integer({ min: 1, max: 3 }),
  users: fc.subarray(["kim", "mo", "asker"]),
  groups: fc.subarray(["ops"]),
});

describe("whatever is approved by whomever", () => {
  it("counts nobody twice, never the author, never who asked, and never another plan", () => {
    fc.assert(
      fc.property(fc.array(anyApproval, { maxLength: 12 }), anyGate, (approvals, gate) => {
        const { counted } = countApprovals(gateOf(gate), promotionOf(approvals));
        const people = counted.map((name) => name.trim().toLowerCase());
        expect(new Set(people).size).toBe(people.length);
        expect(people).not.toContain("asker");
        expect(people.some((name) => name.startsWith("ada"))).toBe(false);
        for (const name of counted)
          expect(approvals.some((one) => one.username === name && one.digest === digest)).toBe(true);
      }),
    );
  });

  it("counts as many people in whatever order they approved", () => {
    fc.assert(
      fc.property(fc.array(anyApproval, { maxLength: 8 }), anyGate, (approvals, gate) => {
        const count = (list: readonly Approval[]): number =>
          countApprovals(gateOf(gate), promotionOf(list)).counted.length;
        expect(count(approvals.toReversed())).toBe(count(approvals));
      }),
    );
  });

  it("never counts fewer when somebody else approves, too", () => {
    fc.assert(
      fc.property(fc.array(anyApproval, { maxLength: 8 }), anyApproval, anyGate, (approvals, more, gate) => {
        const count = (list: readonly Approval[]): number =>
          countApprovals(gateOf(gate), promotionOf(list)).counted.length;
        expect(count([...approvals, more])).toBeGreaterThanOrEqual(count(approvals));
      }),
    );
  });
});
