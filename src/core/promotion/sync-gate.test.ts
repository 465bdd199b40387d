import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { parsePipeline } from "./pipeline.ts";
import type { Promotion } from "./promotion.ts";
import type { ContentMatch, StageClaim, SyncContent, SyncVerdict } from "./sync-gate.ts";
import { isRefusedByPromotion, judgeBefore, judgeContent } from "./sync-gate.ts";
import type { PromotionStatus } from "./types.ts";

const at = "2026-01-01T00:00:00Z";
const [good, other] = ["a".repeat(40), "b".repeat(40)];
const application = "argocd/web";
const frozen = { freezes: [{ name: "holidays", from: at, until: "2026-02-01T00:00:00Z" }] };
const hold = { revisions: [good], by: "kim", reason: "it loses orders", since: at };

interface Made {
  readonly stage?: "dev" | "prod";
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly promotions?: readonly Promotion[];
}

function claimOf({ stage: name = "prod", spec = {}, status = {}, promotions = [] }: Made = {}): StageClaim {
  const pipeline = parsePipeline({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace: "argocd", uid: "u" },
    spec: {
      repoURL: "https://git.example.com/shop.git",
      stages: [
        { name: "dev", branch: "main", applications: ["web-dev"] },
        { name: "prod", branch: "prod", applications: ["web"] },
      ],
      ...spec,
    },
    status: { stages: [{ name, ...status }] },
  });
  const stage = pipeline.stages.find((one) => one.name === name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  return { pipeline, stage, promotions };
}

function promotionOf(status: PromotionStatus, digest = "sha256:render"): Promotion {
  return {
    name: "shop-prod-aaaaaaa",
    namespace: "argocd",
    uid: "p",
    resourceVersion: "1",
    createdAt: at,
    spec: {
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision: good,
      requestedBy: { username: "kim" },
      requestedAt: at,
    },
    status: {
      commit: good,
      plan: { digest: "sha256:plan", applications: [{ namespace: "argocd", name: "web", digest }] },
      ...status,
    },
  };
}

const contentOf = (more: Partial<SyncContent> = {}): SyncContent => ({
  application,
  commits: [good],
  isDeployed: false,
  isReturn: false,
  isLocal: false,
  isBegun: false,
  nowMs: Date.parse("2026-01-15T00:00:00Z"),
  formatTime: (ms) => new Date(ms).toISOString(),
  ...more,
});

function judge(claim: StageClaim, content = contentOf(), match: Partial<ContentMatch> = {}): SyncVerdict {
  const found = { promotions: claim.promotions, isBaseline: false, ...match };
  return (
    judgeBefore([claim], content) ??
    judgeContent(claim, content, { match: found, digest: () => "sha256:render" })
  );
}

const messageOf = (verdict: SyncVerdict): string => (verdict.may ? "may" : verdict.message);

describe("an Application in a stage", () => {
  it.for(["Writing", "Proposed", "Applying", "Verifying", "Succeeded"] as const)(
    "is synced to the commit of a promotion that is %s",
    (phase) => {
      expect(judge(claimOf({ promotions: [promotionOf({ phase })] }))).toEqual({ may: true });
    },
  );

  it.for(["Pending", "Waiting", "Failed", "Refused", "Superseded", "RolledBack"] as const)(
    "is not synced to the commit of a promotion that is %s",
    (phase) => {
      const message = messageOf(judge(claimOf({ promotions: [promotionOf({ phase, message: "why" })] })));
      expect(message).toContain(
        "stage prod of Pipeline argocd/shop: aaaaaaa was let through by no Promotion",
      );
      expect(message).toContain(`${phase}: why`);
      expect(isRefusedByPromotion(message)).toBe(true);
    },
  );

  it("is not synced where it renders to something else than what was approved, or was no part of the plan", () => {
    const changed = claimOf({ promotions: [promotionOf({ phase: "Applying" }, "sha256:before")] });
    expect(messageOf(judge(changed))).toContain(
      "renders to something else than what was approved with Promotion",
    );
    const plan = { digest: "sha256:plan", applications: [] };
    const without = claimOf({ promotions: [promotionOf({ phase: "Applying", plan })] });
    expect(messageOf(judge(without))).toContain("does not hold this Application");
  });

  it("is synced to what was approved though the cluster did not answer while it was planned", () => {
    const problem = "KUBE_UNREACHABLE: the cluster does not answer";
    const planned = (digest: string): StageClaim => {
      const applications = [{ namespace: "argocd", name: "web", digest, problem }];
      return claimOf({
        promotions: [promotionOf({ phase: "Applying", plan: { digest: "sha256:plan", applications } })],
      });
    };
    expect(judge(planned("sha256:render"))).toEqual({ may: true });
    expect(judge(planned("sha256:other")).may).toBe(false);
    expect(messageOf(judge(planned("")))).toContain("does not hold this Application");
  });

  it("is kept at what is deployed, and goes back after a failure, whatever its stage forbids", () => {
    const claim = claimOf({ spec: { ...frozen, suspend: true }, status: { hold } });
    expect(judge(claim, contentOf({ isDeployed: true }))).toEqual({ may: true });
    expect(judge(claim, contentOf({ isReturn: true }))).toEqual({ may: true });
  });

  it("is synced to what the stage had before anything was promoted", () => {
    expect(judge(claimOf(), contentOf(), { isBaseline: true })).toEqual({ may: true });
  });

  it("that nothing comes before and nothing gates is synced to everything, manifests of people too", () => {
    const claim = claimOf({ stage: "dev" });
    expect(judge(claim, contentOf({ commits: [other] }))).toEqual({ may: true });
    expect(judge(claim, contentOf({ commits: [], isLocal: true }))).toEqual({ may: true });
  });

  it("takes no manifests that somebody sends, and nothing from another repository", () => {
    expect(messageOf(judge(claimOf(), contentOf({ isLocal: true })))).toContain(
      "no manifests that somebody sends",
    );
    expect(messageOf(judge(claimOf(), contentOf({ commits: [] })))).toContain(
      "the Application has no source from",
    );
  });

  it("that two stages claim is synced to nothing new", () => {
    const verdict = judgeBefore([claimOf(), claimOf({ stage: "dev" })], contentOf());
    expect(verdict?.may).toBe(false);
  });
});

describe("a freeze", () => {
  it("says until when nothing new is synced, in the first stage too", () => {
    const verdict = judge(claimOf({ stage: "dev", spec: frozen }));
    expect(verdict).toMatchObject({ may: false, untilMs: Date.parse("2026-02-01T00:00:00Z") });
    expect(messageOf(verdict)).toContain("is frozen by holidays, until 2026-02-01");
    const through = claimOf({ spec: frozen, promotions: [promotionOf({ phase: "Applying" })] });
    expect(judge(through).may).toBe(false);
  });

  it("lets a sync that has begun go on, but only to what was let through", () => {
    const begun = contentOf({ isBegun: true });
    expect(
      judge(claimOf({ spec: frozen, promotions: [promotionOf({ phase: "Applying" })] }), begun).may,
    ).toBe(true);
    expect(judge(claimOf({ spec: frozen }), begun).may).toBe(false);
  });

  it("is gone through by the promotion whose glass was broken, and by no other content", () => {
    const breakGlass = { username: "kim", at, reason: "prod is down" };
    const opened = claimOf({ spec: frozen, promotions: [promotionOf({ phase: "Waiting", breakGlass })] });
    expect(judge(opened)).toEqual({ may: true });
    expect(judge(opened, contentOf({ commits: [other] }), { promotions: [] }).may).toBe(false);
    const another = { ...breakGlass, digest: "sha256:before" };
    const replanned = promotionOf({ phase: "Waiting", breakGlass: another });
    expect(judge(claimOf({ spec: frozen, promotions: [replanned] })).may).toBe(false);
    const ended = claimOf({ spec: frozen, promotions: [promotionOf({ phase: "Superseded", breakGlass })] });
    expect(judge(ended).may).toBe(false);
  });
});

describe("a hold", () => {
  it("refuses what was rolled back, by its commit and by the revision that was promoted, and nothing else", () => {
    const applying = promotionOf({ phase: "Succeeded", commit: other });
    const held = claimOf({ status: { hold }, promotions: [applying] });
    expect(messageOf(judge(held, contentOf({ commits: [other] })))).toContain("by kim: it loses orders");
    expect(judge(claimOf({ stage: "dev", status: { hold } })).may).toBe(false);
    const elsewhere = claimOf({
      status: { hold: { ...hold, revisions: [other] } },
      promotions: [promotionOf({ phase: "Applying" })],
    });
    expect(judge(elsewhere)).toEqual({ may: true });
  });

  it("lets through what a person promotes again after it, and nothing that automation or anybody before it asked for", () => {
    const applying = promotionOf({ phase: "Applying" });
    const later = { ...applying, createdAt: "2026-01-02T00:00:00Z" };
    const judged = (one: Promotion): boolean => judge(claimOf({ status: { hold }, promotions: [one] })).may;
    expect(judged(later)).toBe(true);
    expect(judged(applying)).toBe(false);
    expect(judged({ ...later, spec: { ...later.spec, cause: "Automation" } })).toBe(false);
    expect(judged({ ...later, spec: { ...later.spec, cause: "Failure", kind: "Rollback" } })).toBe(true);
  });

  it("gives way to broken glass", () => {
    const breakGlass = { username: "kim", at, reason: "prod is down" };
    const opened = promotionOf({ phase: "Applying", breakGlass });
    expect(judge(claimOf({ status: { hold }, promotions: [opened] }))).toEqual({ may: true });
  });
});

it("a first stage without gates takes nothing new while its Pipeline is suspended or somebody holds it", () => {
  const suspended = claimOf({ stage: "dev", spec: { suspend: true } });
  expect(messageOf(judge(suspended))).toContain("takes nothing new, because the Pipeline is suspended");
  const held = claimOf({ stage: "dev", status: { hold: { ...hold, revisions: [] } } });
  expect(messageOf(judge(held))).toContain("by kim: it loses orders");
  for (const claim of [suspended, held]) {
    expect(judge(claim, contentOf({ isDeployed: true }))).toEqual({ may: true });
    expect(judge(claim, contentOf({ isBegun: true }))).toEqual({ may: true });
  }
});

it("a suspended Pipeline takes nothing new, and lets what has begun go on", () => {
  const claim = claimOf({ spec: { suspend: true }, promotions: [promotionOf({ phase: "Applying" })] });
  expect(messageOf(judge(claim))).toContain("because the Pipeline is suspended");
  expect(judge(claim, contentOf({ isBegun: true }))).toEqual({ may: true });
});
