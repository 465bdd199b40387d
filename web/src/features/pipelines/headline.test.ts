import { expect, it } from "vitest";
import { headlineOf } from "./headline.ts";
import type { Pipeline, Promotion } from "./pipeline.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const tenAgo = "2026-03-01T11:50:00Z";
const revision = "3f2a1bc".padEnd(40, "0");

type StageStatus = NonNullable<Pipeline["status"]["stages"]>[number];

function pipeline(prod: Partial<StageStatus> = {}, status: Partial<Pipeline["status"]> = {}): Pipeline {
  return {
    name: "shop",
    namespace: "argocd",
    resourceVersion: "1",
    createdAt: tenAgo,
    project: "default",
    annotations: {},
    labels: {},
    spec: {
      repoURL: "https://git.example.com/shop.git",
      stages: [
        { name: "dev", branch: "main", applications: ["dev"] },
        { name: "prod", branch: "prod", applications: ["prod"] },
      ],
    },
    status: {
      stages: [
        { name: "dev", revision },
        { name: "prod", revision, ...prod },
      ],
      ...status,
    },
  };
}

function promotion(status: Promotion["status"], spec: Partial<Promotion["spec"]> = {}): Promotion {
  return {
    name: "shop-prod-3f2a1bc",
    namespace: "argocd",
    createdAt: tenAgo,
    spec: {
      pipeline: "shop",
      stage: "prod",
      kind: "Promote",
      cause: "Person",
      revision,
      requestedBy: { username: "ada" },
      requestedAt: tenAgo,
      ...spec,
    },
    status,
  };
}

const said = (of: Pipeline, promotions: readonly Promotion[] = []) =>
  headlineOf({ pipeline: of, promotions, nowMs });

it("what the controller cannot do is said first, without the command that helps", () => {
  expect(
    said(pipeline({}, { message: "main is not there; create it; see it with: mooring pipeline get shop" })),
  ).toBe("main is not there; create it.");
});

it("a pipeline that nobody has looked at yet says so", () => {
  const { status: _, ...rest } = pipeline();
  expect(said({ ...rest, status: {} })).toBe("Its branches have not been looked at yet.");
});

it("all stages with the same revision say what the next commit waits for", () => {
  expect(said(pipeline())).toBe(
    "All stages have 3f2a1bc; the next commit waits for somebody to promote it to prod.",
  );
});

it("what waits for approval says for how many and since when", () => {
  const gates = [
    { name: "health", kind: "health", state: "Passed" as const },
    {
      name: "approvals",
      kind: "approvals",
      state: "Waiting" as const,
      message: "1 of 2 approvals by bob; …",
      since: tenAgo,
    },
  ];
  expect(said(pipeline(), [promotion({ phase: "Waiting", gates })])).toBe(
    "prod's next revision 3f2a1bc waits for 1 of 2 approvals since 10 min.",
  );
});

it("a promotion that has ended is not under way", () => {
  expect(said(pipeline(), [promotion({ phase: "Succeeded" })])).toMatch(/^All stages/u);
});

it("a hold names who, since when, why and what ends it", () => {
  const hold = { revisions: [], by: "ada", reason: "the feast.", since: tenAgo };
  expect(said(pipeline({ hold }))).toBe(
    "prod is held by ada since 10 min (the feast), until somebody resumes it.",
  );
});

it("commits that are ready are counted, one as one", () => {
  expect(said(pipeline({ revision: "0".repeat(40), candidate: { revision, commits: 3 } }))).toBe(
    "3 commits for prod wait for somebody to promote them.",
  );
  expect(said(pipeline({ revision: "0".repeat(40), candidate: { revision, commits: 1 } }))).toBe(
    "1 commit for prod waits for somebody to promote it.",
  );
});

it("what was let past its gates is said for as long as it is there", () => {
  const breakGlass = { username: "eve", at: tenAgo, reason: "it burns" };
  const broken = promotion({ phase: "Succeeded", breakGlass });
  expect(said(pipeline({ promotion: broken.name }), [broken])).toBe("prod runs what eve let past its gates.");
  expect(said(pipeline({ promotion: "shop-prod-later" }), [broken])).toMatch(/^All stages/u);
});
