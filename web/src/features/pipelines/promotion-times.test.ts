import { expect, it } from "vitest";
import type { Promotion } from "./pipeline.ts";
import { durationOf, stepsOf } from "./promotion-times.ts";

const minute = (n: number) => `2026-03-01T12:${n.toString().padStart(2, "0")}:00Z`;
const spec: Promotion["spec"] = {
  pipeline: "shop",
  stage: "prod",
  kind: "Promote",
  cause: "Person",
  revision: "3f2a1bc".padEnd(40, "0"),
  requestedBy: { username: "ada" },
  requestedAt: minute(0),
};
const plan = { digest: "sha256:1", applications: [] };
const steps = (status: Promotion["status"]) =>
  stepsOf({ spec, status }).map(({ name, at, note }) => `${name} ${at?.slice(14, 16) ?? "–"} ${note}`.trim());

it("what waits for approval shows what is still to come", () => {
  const gates = [{ name: "approvals", kind: "approvals", state: "Waiting" as const }];
  const approvals = [{ username: "bob", at: minute(2), digest: "sha256:1" }];
  expect(steps({ phase: "Waiting", plan, commitDate: minute(1), gates, approvals })).toEqual([
    "Requested 00",
    "Planned 01",
    "Approved – bob",
    "Written –",
    "Applied –",
    "Healthy –",
  ]);
});

it("it is applied when the last application is, and approvals of another plan are none of this one", () => {
  const status: Promotion["status"] = {
    phase: "Verifying",
    plan,
    commitDate: minute(1),
    approvals: [
      { username: "eve", at: minute(1), digest: "sha256:0" },
      { username: "bob", at: minute(2), digest: "sha256:1" },
    ],
    writtenAt: minute(3),
    applications: [
      { namespace: "argocd", name: "a", appliedAt: minute(5), healthyAt: minute(6) },
      { namespace: "argocd", name: "b", appliedAt: minute(4) },
    ],
  };
  expect(steps(status)).toEqual([
    "Requested 00",
    "Planned 01",
    "Approved 02 bob",
    "Written 03",
    "Applied 05",
    "Healthy –",
  ]);
});

it("what ended early has nothing more to come, and took until then", () => {
  const rejection = { username: "bob", at: minute(4), reason: "no" };
  const status: Promotion["status"] = { phase: "Refused", rejection, finishedAt: minute(4) };
  expect(steps(status)).toEqual(["Requested 00", "Rejected 04 bob"]);
  expect(durationOf({ spec, status })).toBe(240_000);
  expect(durationOf({ spec, status: {} })).toBeUndefined();
});
