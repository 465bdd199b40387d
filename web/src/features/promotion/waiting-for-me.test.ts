import { expect, it } from "vitest";
import type { Pipeline, Promotion } from "../pipelines/pipeline.ts";
import { asksForApproval, whyNotApproved } from "./waiting-for-me.ts";

const at = "2026-03-01T12:00:00Z";
const waiting: Promotion = {
  name: "shop-prod-3f2a1bc",
  namespace: "argocd",
  createdAt: at,
  spec: {
    pipeline: "shop",
    stage: "prod",
    kind: "Promote",
    cause: "Person",
    revision: "3f2a1bc".padEnd(40, "0"),
    requestedBy: { username: "ada" },
    requestedAt: at,
  },
  status: {
    phase: "Waiting",
    plan: { digest: "sha256:1", applications: [] },
    commits: [{ commit: "3f2a1bc".padEnd(40, "0"), author: "Dora", email: "dora@example.com" }],
    gates: [{ name: "approvals", kind: "approvals", state: "Waiting" }],
    approvals: [
      { username: "bob", at, digest: "sha256:1" },
      { username: "carol", at, digest: "sha256:0" },
    ],
  },
};
const pipeline: Pipeline = {
  name: "shop",
  namespace: "argocd",
  resourceVersion: "",
  createdAt: at,
  project: "default",
  annotations: {},
  labels: {},
  spec: {
    repoURL: "https://git.example.com/shop.git",
    stages: [
      {
        name: "prod",
        branch: "prod",
        applications: [],
        gates: [{ approvals: { users: ["carol"], groups: ["release"] } }],
      },
    ],
  },
  status: {},
};
const why = (username: string, groups: readonly string[] = []) =>
  whyNotApproved(waiting, { username, groups }, pipeline);

it("who asked for it, wrote it or approved it does not approve it", () => {
  expect(why("Ada")).toBe("You asked for this promotion: somebody else has to approve it.");
  expect(why("dora@example.com")).toBe("You are an author of its commits: somebody else has to approve it.");
  expect(why("bob")).toBe("You have approved this plan.");
  expect(why("")).toBe("Log in to approve.");
});

it("an approval of an earlier plan is no approval of this one", () => {
  expect(why("carol")).toBeUndefined();
});

it("the gate's people and members of its groups are asked, and nobody else", () => {
  expect(why("eve", ["release"])).toBeUndefined();
  expect(why("eve")).toBe("Its gate asks other people.");
});

it("what automation began, its namesake may approve", () => {
  const automatic: Promotion = { ...waiting, spec: { ...waiting.spec, cause: "Automation" } };
  expect(whyNotApproved(automatic, { username: "ada", groups: ["release"] }, pipeline)).toBeUndefined();
});

it("what has ended, was rejected or let through asks nobody any more", () => {
  expect(asksForApproval(waiting)).toBe(true);
  const told = { username: "bob", at, reason: "no" };
  for (const status of [{ phase: "Refused" as const }, { rejection: told }, { breakGlass: told }])
    expect(asksForApproval({ ...waiting, status: { ...waiting.status, ...status } })).toBe(false);
});
