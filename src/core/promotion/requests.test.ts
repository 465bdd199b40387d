import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { applyMergePatch, viewObject } from "#core/object/index.ts";
import type { PromotionAsk } from "./index.ts";
import {
  approve,
  breakGlass,
  hold,
  holdRequestOf,
  isRequestAnnotation,
  newPromotion,
  parsePipeline,
  parsePromotion,
  promotionName,
  reject,
  resume,
  whyNotCounted,
} from "./index.ts";

const revision = "1a2b3c4d".padEnd(40, "0");
const at = "2026-01-31T12:00:00Z";
const ask: PromotionAsk = {
  stage: "prod",
  kind: "Promote",
  cause: "Person",
  revision,
  attempt: 1,
  requestedBy: { username: "ada", groups: ["devs"] },
  at,
};
const owner = { name: "shop", namespace: "argocd", uid: "u" };
const digest = `sha256:${"a".repeat(64)}`;

const pipelineObject: KubeObject = {
  apiVersion: "mooring.dev/v1alpha1",
  kind: "Pipeline",
  metadata: { name: "shop", namespace: "argocd", uid: "u" },
  spec: {
    repoURL: "https://git.example.com/shop.git",
    stages: [
      { name: "dev", branch: "main", applications: [] },
      {
        name: "prod",
        branch: "prod",
        applications: [],
        gates: [{ approvals: { required: 2, users: ["bob"], groups: ["ops"] } }],
      },
    ],
  },
};
const pipeline = parsePipeline(pipelineObject);
const gates = pipeline.stages[1]?.gates ?? [];

function promotion(status: JsonObject = {}, spec: Partial<PromotionAsk> = {}) {
  return parsePromotion({ ...newPromotion(owner, { ...ask, ...spec }), status });
}

const waiting: JsonObject = {
  phase: "Waiting",
  plan: { digest, applications: [] },
  commits: [{ commit: revision, author: "Carol Jones", email: "carol@example.com" }],
};
const bob = { username: "bob", groups: [] };
const approving = { person: bob, digest, at };

describe("a new promotion", () => {
  it("is one that the parser takes, by a name that follows from what is asked for", () => {
    const { name, spec } = promotion({}, { reason: " why ", release: { name: "may", size: 2 } });
    expect(name).toBe("shop-prod-1a2b3c4");
    expect(spec).toEqual({
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision,
      attempt: 1,
      requestedBy: { username: "ada", groups: ["devs"] },
      requestedAt: "2026-01-31T12:00:00Z",
      reason: "why",
      release: "may",
    });
  });

  it("is told from other attempts, from rollbacks, and from what begins alike", () => {
    const naming = { pipeline: "shop", stage: "prod", kind: "Promote", revision, attempt: 2 } as const;
    expect(promotionName(naming)).toBe("shop-prod-1a2b3c4-2");
    expect(promotionName({ ...naming, kind: "Rollback", attempt: 1 })).toBe("shop-prod-back-1a2b3c4");
    const long = ["a", "b"].map((end) => promotionName({ ...naming, pipeline: `${"p".repeat(80)}${end}` }));
    expect(long.map((name) => name.length)).toEqual([63, 63]);
    expect(new Set(long).size).toBe(2);
  });

  it.each([
    [{ reason: "a".repeat(1025) }, "reason: has 1025 characters"],
    [{ reason: "red\u001B[31m" }, "reason: has characters that cannot be printed"],
    [{ reason: "a\u202Eb" }, "reason: has characters"],
    [{ release: { name: "May 1", size: 1 } }, 'release: "May 1" is no name'],
  ])("refuses %j", (more, message) => {
    expect(() => newPromotion(owner, { ...ask, ...more })).toThrow(message);
  });
});

describe("an approval", () => {
  it("is added to those that are there, once per person", () => {
    const first = approve(promotion(waiting), gates, { ...approving, comment: "looks good" });
    const { approvals } = parsePromotion({
      ...newPromotion(owner, ask),
      status: viewObject(applyMergePatch({ status: waiting }, first ?? {}) as JsonObject, "status"),
    }).status;
    expect(approvals).toEqual([
      { username: "bob", groups: [], at: "2026-01-31T12:00:00Z", digest, comment: "looks good" },
    ]);
    const again = promotion({ ...waiting, approvals: approvals as unknown as JsonObject[] });
    expect(approve(again, gates, approving)).toBeUndefined();
    const eve = { username: "eve", groups: ["ops"] };
    const both = approve(again, gates, { ...approving, person: eve });
    expect(both).toMatchObject({ status: { approvals: [{ username: "bob" }, { username: "eve" }] } });
  });

  it("takes the place of the same person's approval of an earlier plan", () => {
    const old = { username: "bob", groups: [], at: "2026-01-30T12:00:00Z", digest: "sha256:old" };
    const patch = approve(promotion({ ...waiting, approvals: [old] }), gates, approving);
    expect(patch).toMatchObject({ status: { approvals: [{ username: "bob", digest }] } });
    expect(whyNotCounted(old, { promotion: promotion(waiting), gate: gates[0]! })).toContain("another plan");
  });

  it.each([
    ["by who asked for it", { username: "ada", groups: ["ops"] }, "they asked for the promotion"],
    [
      "by who asked for it, in capitals",
      { username: "Ada", groups: ["ops"] },
      "they asked for the promotion",
    ],
    [
      "by an author's address",
      { username: "carol@example.com", groups: ["ops"] },
      "author of commit 1a2b3c4",
    ],
    ["by an author's name", { username: "carol jones", groups: ["ops"] }, "author of commit 1a2b3c4"],
    [
      "by an author under another name",
      { username: "cj", groups: ["ops"], aliases: ["Carol@example.com"] },
      "author of commit 1a2b3c4",
    ],
    [
      "by somebody who is not asked",
      { username: "eve", groups: ["devs"] },
      "ask user bob or a member of group ops",
    ],
    ["by nobody", { username: "", groups: ["ops"] }, "nobody in particular"],
  ])("%s is refused", (_, person, message) => {
    expect(() => approve(promotion(waiting), gates, { ...approving, person })).toThrow(message);
  });

  it("may be given by whom automation speaks for", () => {
    const automatic = promotion(waiting, { cause: "Automation", requestedBy: { username: "bob" } });
    expect(approve(automatic, gates, approving)).toBeDefined();
  });

  it("of another digest, of no plan, of what has ended or asks for none is refused", () => {
    const forged = { ...approving, digest: `sha256:${"b".repeat(64)}` };
    expect(() => approve(promotion(waiting), gates, forged)).toThrow("is not the digest of its plan");
    expect(() => approve(promotion(), gates, approving)).toThrow("has no plan yet");
    expect(() => approve(promotion({ ...waiting, phase: "Failed" }), gates, approving)).toThrow(
      "has ended as Failed",
    );
    const rejection = { username: "eve", at: "2026-01-31T12:00:00Z", reason: "no" };
    expect(() => approve(promotion({ ...waiting, rejection }), gates, approving)).toThrow("rejected by eve");
    expect(() => approve(promotion(waiting), [], approving)).toThrow("asks for no approval");
  });
});

describe("a rejection and a broken glass", () => {
  const decision = { person: bob, reason: "it burns", at };

  it("say who, when and why", () => {
    const said = { username: "bob", at: "2026-01-31T12:00:00Z", reason: "it burns" };
    expect(reject(promotion(waiting), decision)).toEqual({ status: { rejection: said } });
    const broken = { ...said, digest };
    expect(breakGlass(promotion(waiting), decision)).toEqual({ status: { breakGlass: broken } });
    expect(breakGlass(promotion({ ...waiting, breakGlass: broken }), decision)).toBeUndefined();
    expect(breakGlass(promotion({ ...waiting, breakGlass: said }), decision)).toBeUndefined();
  });

  it("that let another plan through is broken again for this one", () => {
    const before = {
      username: "bob",
      at: "2026-01-30T12:00:00Z",
      reason: "it smokes",
      digest: "sha256:before",
    };
    expect(breakGlass(promotion({ ...waiting, breakGlass: before }), decision)).toMatchObject({
      status: { breakGlass: { reason: "it burns", digest } },
    });
  });

  it("are refused without a reason, and where it is too late", () => {
    expect(() => reject(promotion(waiting), { ...decision, reason: " " })).toThrow("reason: is missing");
    expect(() => breakGlass(promotion(waiting), { ...decision, reason: "" })).toThrow("reason: is missing");
    expect(() => reject(promotion({ ...waiting, phase: "Applying" }), decision)).toThrow(
      "mooring rollback shop/prod",
    );
    expect(() => breakGlass(promotion({ ...waiting, phase: "Succeeded" }), decision)).toThrow("has ended");
  });
});

describe("a hold", () => {
  const holding = { person: bob, reason: "black friday", at };

  it("is an annotation that the controller reads, and goes with a resume", () => {
    const held = applyMergePatch(pipelineObject, hold(pipeline, "prod", holding)) as KubeObject;
    expect(holdRequestOf(parsePipeline(held), "prod")).toEqual({
      by: "bob",
      reason: "black friday",
      at: "2026-01-31T12:00:00Z",
    });
    const resumed = applyMergePatch(held, resume(pipeline, "prod", at)) as KubeObject;
    expect(holdRequestOf(parsePipeline(resumed), "prod")).toBeUndefined();
    expect(Object.keys(resumed.metadata.annotations ?? {})).toEqual(["mooring.dev/resume.prod"]);
    expect(
      ["mooring.dev/resume.prod", "mooring.dev/refresh", "a/b"].map((key) => isRequestAnnotation(key)),
    ).toEqual([true, true, false]);
  });

  it("of a stage that is not there names those that are, and needs a reason", () => {
    expect(() => hold(pipeline, "nowhere", holding)).toThrow('has no stage "nowhere"; use one of dev, prod');
    expect(() => hold(pipeline, "prod", { ...holding, reason: "" })).toThrow("reason: is missing");
  });

  it.each(["{", "[]", '{"by":1}', "null"])("of a text that nobody wrote here is none: %s", (text) => {
    const annotations = { "mooring.dev/hold.prod": text };
    const odd = { ...pipelineObject, metadata: { ...pipelineObject.metadata, annotations } };
    expect(holdRequestOf(parsePipeline(odd), "prod")).toBeUndefined();
  });
});
