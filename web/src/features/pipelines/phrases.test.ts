import { expect, it } from "vitest";
import { doingOf, formatCandidate, formatCause, proseOf } from "./phrases.ts";
import type { Promotion } from "./pipeline.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const at = "2026-03-01T11:50:00Z";
const revision = "3f2a1bc".padEnd(40, "0");
const spec: Promotion["spec"] = {
  pipeline: "shop",
  stage: "prod",
  kind: "Promote",
  cause: "Person",
  revision,
  requestedBy: { username: "ada" },
  requestedAt: at,
};
const doing = (status: Promotion["status"]) =>
  doingOf({ name: "shop-prod-3f2a1bc", namespace: "argocd", createdAt: at, spec, status });

it("a message keeps what ends it, and loses what one would type", () => {
  const message = `held by ada since ${at}: the feast; end it with: mooring pipeline resume shop/prod`;
  expect(proseOf(message, nowMs)).toBe("held by ada for 10 min: the feast");
  expect(proseOf("somebody who promotes it: mooring promote shop/prod", nowMs)).toBe("");
});

it("an end is said by the clock, and a commit by its first letters", () => {
  const said = proseOf(`year-end (${revision}), until 2026-03-03T12:00:00Z`, nowMs);
  expect(said).toMatch(/^year-end \(3f2a1bc\), until Tue,? 3 Mar,? \d\d:00 \(in 2 d\)$/u);
});

it("of several gates the first that waits is said, with its own time", () => {
  const gates = [
    { name: "health", kind: "health", state: "Passed" as const, since: at },
    {
      name: "quiet",
      kind: "soak",
      state: "Waiting" as const,
      message: "5 of 30 min",
      since: "2026-03-01T11:55:00Z",
    },
    {
      name: "approvals",
      kind: "approvals",
      state: "Waiting" as const,
      message: "0 of 1 approvals",
      since: at,
    },
  ];
  expect(doing({ phase: "Waiting", gates })).toEqual({
    text: "waits until it has been healthy for long enough",
    since: "2026-03-01T11:55:00Z",
    message: "5 of 30 min",
  });
  expect(doing({ phase: "Waiting", gates: gates.slice(2) }).text).toBe("waits for 1 of 1 approval");
});

it("a gate of a kind that is new here is said by its name", () => {
  const gates = [{ name: "moon", kind: "moon-phase", state: "Waiting" as const }];
  expect(doing({ phase: "Waiting", gates }).text).toBe("waits for moon");
});

it("past its gates nothing is said of them", () => {
  const gates = [{ name: "approvals", kind: "approvals", state: "Waiting" as const }];
  const breakGlass = { username: "eve", at, reason: "it burns" };
  expect(doing({ phase: "Waiting", gates, breakGlass }).text).toBe("waits for its gates");
  expect(doing({ phase: "Proposed", proposal: { number: 7, url: "https://example.com" } }).text).toBe(
    "waits for pull request #7 to be merged",
  );
});

it("a candidate whose commits were not counted is said by its commit", () => {
  expect(formatCandidate({ revision, commits: 2 })).toBe("+2 commits");
  expect(formatCandidate({ revision })).toBe("3f2a1bc");
});

it("what nobody asked for says what did", () => {
  expect(formatCause(spec)).toBe("ada");
  expect(formatCause({ ...spec, cause: "Git" })).toBe("pushed with git");
});
