import { expect, it } from "vitest";
import type { Application } from "../application-query.ts";
import { usableApproval, waitingPlan } from "./approval.ts";

const nowMs = Date.parse("2026-12-01T12:00:00Z");
const given = { digest: "sha256:1", by: "ada", at: "2026-12-01T11:00:00Z", expires: "2026-12-02T11:00:00Z" };
const approved = (value: unknown): Application => ({
  metadata: {
    annotations: { "mooring.dev/approved-plan": typeof value === "string" ? value : JSON.stringify(value) },
  },
});

it("takes an approval that no sync has used and that has not expired", () => {
  const { digest, by, expires } = given;
  expect(usableApproval(approved(given), nowMs)).toEqual({ digest, by, expires });
  expect(usableApproval(approved({ ...given, usedAt: given.at }), nowMs)).toBeUndefined();
  expect(usableApproval(approved(given), Date.parse(given.expires))).toBeUndefined();
});

it("takes what is no approval for none", () => {
  for (const text of ["", "{", "null", "[]", '"text"', '{"digest":1}'])
    expect(usableApproval(approved(text), nowMs)).toBeUndefined();
  expect(usableApproval({}, nowMs)).toBeUndefined();
  expect(waitingPlan(approved(given))).toBeUndefined();
});
