import { describe, expect, it } from "vitest";
import { missing, object, input, drifted, applied } from "../sync/testdata/build.ts";
import { plainHash, recorded } from "../sync/testdata/record.ts";
import { planSync } from "#core/sync/index.ts";
import type { PlanApproval } from "./index.ts";
import {
  findRequirement,
  formatApproval,
  formatWaitingPlan,
  isPlainHeal,
  isRefusedByApproval,
  isUsable,
  parseApproval,
  parseDigest,
  parseWaitingPlan,
  pinnedPlan,
  pinPlan,
  refuseUnapproved,
} from "./index.ts";

const plan = recorded(input({ objects: [missing(object("ConfigMap/a"))] }));
const other = recorded(input({ objects: [missing(object("ConfigMap/b"))] }));
const approval: PlanApproval = {
  digest: plan.digest,
  by: "ada",
  at: "2026-11-30T12:00:00Z",
  expires: "2026-12-01T12:00:00Z",
  plan,
};

describe("approval is required", () => {
  const demanding = (kind: string, value?: string) => ({
    kind,
    metadata: {
      name: "shop",
      ...(value === undefined ? {} : { annotations: { "mooring.dev/require-approval": value } }),
    },
  });

  it.each([
    [[undefined, undefined], "none"],
    [["false", ""], "none"],
    [["true", undefined], "always"],
    [["false", "true"], "always"],
    [["except-self-heal", "true"], "always"],
    [["false", " except-self-heal "], "except-self-heal"],
  ])("by the strictest of an application and its projects: %j is %s", (values, requirement) => {
    const found = findRequirement(
      values.map((value, i) => demanding(i === 0 ? "Application" : "AppProject", value)),
    );
    expect(found).toEqual({ requirement, problems: [] });
  });

  it("or the value is a problem that names the object and the values there are", () => {
    expect(findRequirement([demanding("AppProject", "yes")]).problems).toEqual([
      'AppProject shop: annotation mooring.dev/require-approval is "yes"; write true, except-self-heal or false',
    ]);
  });
});

describe("records on an Application", () => {
  it("are read as they were written", () => {
    const waiting = { digest: plan.digest, since: approval.at, summary: "1 to apply", plan };
    expect(parseWaitingPlan(formatWaitingPlan(waiting), plainHash.digest)).toEqual(waiting);
    expect(parseApproval(formatApproval(approval), plainHash.digest)).toEqual({
      ...approval,
      usedAt: undefined,
    });
    const used = { ...approval, usedAt: approval.at };
    expect(parseApproval(formatApproval(used), plainHash.digest)).toEqual(used);
  });

  it("say no plan that does not have the digest, and none that is too large", () => {
    const forged = formatApproval({ ...approval, plan: other });
    expect(parseApproval(forged, plainHash.digest)).toEqual({
      ...approval,
      usedAt: undefined,
      plan: undefined,
    });
    const large = { ...plan, entries: Array.from({ length: 2_000 }, () => plan.entries).flat() };
    expect(formatApproval({ ...approval, plan: large }).length).toBeLessThan(1_000);
  });

  it.each(["", "no JSON", "[]", "{}", JSON.stringify({ ...approval, at: "soon" }), "x".repeat(100_000)])(
    "are nothing when the text is none: %s",
    (text) => {
      expect(parseApproval(text.slice(0, 90_000), plainHash.digest)).toBeUndefined();
      expect(parseWaitingPlan(text.slice(0, 90_000), plainHash.digest)).toBeUndefined();
    },
  );
});

describe("an operation", () => {
  const ask = {
    app: "web",
    now: plan,
    pinned: plan.digest,
    approval,
    plan,
    isRequired: true,
    begun: undefined,
  };

  it("names the plan that it is of, once", () => {
    const first = pinPlan({ info: [{ name: "why", value: "hotfix" }] }, "sha256:1", approval);
    const second = pinPlan(first, "sha256:2");
    expect(pinnedPlan(second)).toBe("sha256:2");
    expect(second.info).toEqual([
      { name: "why", value: "hotfix" },
      { name: "mooring.dev/plan", value: "sha256:2" },
    ]);
    expect(pinnedPlan({})).toBeUndefined();
  });

  it("may do what was approved, and what is left of it", () => {
    expect(refuseUnapproved(ask)).toBeUndefined();
    expect(
      refuseUnapproved({ ...ask, isRequired: false, approval: undefined, plan: undefined }),
    ).toBeUndefined();
    const nothingLeft = recorded(input({}));
    expect(refuseUnapproved({ ...ask, now: nothingLeft, begun: { touched: new Set() } })).toBeUndefined();
  });

  it("may do nothing else, and is told what differs and how to go on", () => {
    const short = (text: string | undefined) =>
      text?.replaceAll(plan.digest, "<plan>").replaceAll(other.digest, "<other>");
    expect(short(refuseUnapproved({ ...ask, now: other }))).toMatchInlineSnapshot(
      `"cannot sync: the plan approved by ada at 2026-11-30T12:00:00Z, <plan>, is not what would be done now: + apply ConfigMap/shop/b (Sync 0); - apply ConfigMap/shop/a (Sync 0); what would be done now is <other>; see it with: mooring app get web, and approve it with: mooring app approve web <other>"`,
    );
    expect(short(refuseUnapproved({ ...ask, pinned: undefined }))).toMatchInlineSnapshot(
      `"cannot sync: a sync of this application needs an approved plan; what it would do now is <plan>; see it with: mooring app get web, and approve it with: mooring app approve web <plan>"`,
    );
    expect(short(refuseUnapproved({ ...ask, approval: undefined }))).toMatchInlineSnapshot(
      `"cannot sync: a sync of this application needs an approved plan; nobody has approved <plan>, or it was used or has expired; what it would do now is <plan>; see it with: mooring app get web, and approve it with: mooring app approve web <plan>"`,
    );
    const unknown = { ...ask, now: other, isRequired: false, approval: undefined, plan: undefined };
    expect(short(refuseUnapproved(unknown))).toMatchInlineSnapshot(
      `"cannot sync: the plan, <plan>, is not what would be done now: what differs is not known, because nothing but the digest was kept; what would be done now is <other>; see it with: mooring app get web, and approve it with: mooring app approve web <other>"`,
    );
    expect(isRefusedByApproval(refuseUnapproved(unknown))).toBe(true);
    expect(isRefusedByApproval("one or more objects failed to apply")).toBe(false);
  });

  it("may not go on with what is more than was approved, though it was begun", () => {
    expect(refuseUnapproved({ ...ask, now: other, begun: { touched: new Set() } })).toBeDefined();
    expect(
      refuseUnapproved({ ...ask, now: other, plan: undefined, begun: { touched: new Set() } }),
    ).toBeDefined();
  });
});

it.each([
  ["2026-11-30T12:00:01Z", true],
  ["2026-11-30T11:59:00Z", true],
  ["2026-12-01T11:59:59Z", true],
  ["2026-12-01T12:00:00Z", false],
])("an approval until 2026-12-01T12:00:00Z is of use at %s: %s", (now, usable) => {
  const moment = { now, notBefore: "2026-11-24T12:00:00Z", notAfter: "2026-11-30T12:04:00Z" };
  expect(isUsable(approval, moment)).toBe(usable);
  expect(isUsable({ ...approval, usedAt: approval.at }, moment)).toBe(false);
  expect(isUsable(approval, { ...moment, notAfter: "2026-11-30T11:00:00Z" })).toBe(false);
  expect(isUsable(approval, { ...moment, notBefore: "2026-11-30T12:00:00Z" })).toBe(false);
});

it("a digest is read with and without its prefix, and nothing else", () => {
  const digits = "0123456789abcdef".repeat(4);
  expect(parseDigest(` sha256:${digits.toUpperCase()}`)).toBe(`sha256:${digits}`);
  expect(parseDigest(digits)).toBe(`sha256:${digits}`);
  expect(parseDigest(digits.slice(1))).toBeUndefined();
});

it("a plain heal changes what is there and ours, and does nothing else", () => {
  const heals = (parts: Parameters<typeof input>[0], ours = true) =>
    isPlainHeal(planSync(input(parts)), () => ours);
  const changed = drifted(object("ConfigMap/a"), ["data.a"]);
  expect(heals({ objects: [changed] })).toBe(true);
  expect(heals({ objects: [changed] }, false)).toBe(false);
  expect(heals({ objects: [changed, missing(object("ConfigMap/b"))] })).toBe(false);
  expect(heals({ objects: [changed], inventory: [applied(object("ConfigMap/c"))] })).toBe(false);
  expect(heals({ objects: [missing(object("Job/x", { hook: "PreSync" }))] })).toBe(false);
});
