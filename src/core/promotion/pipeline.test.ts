import { describe, expect, it } from "vitest";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { freezeAt } from "./freeze.ts";
import { parsePipeline } from "./pipeline.ts";

function pipeline(spec: JsonObject): KubeObject {
  return {
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace: "argocd", uid: "u" },
    spec: { repoURL: "https://git.example.com/shop.git", ...spec },
  };
}

const dev = { name: "dev", branch: "main", applications: ["shop-dev"] };
const staging = { name: "staging", branch: "staging", applications: ["shop-staging"] };
const prod = { name: "prod", branch: "prod", applications: ["team/shop-prod"] };
const read = (...stages: readonly JsonObject[]) => parsePipeline(pipeline({ stages }));
const refuse = (...stages: readonly JsonObject[]) => {
  try {
    read(...stages);
  } catch (error) {
    return String(error);
  }
  throw new Error("it was taken");
};

describe("a pipeline", () => {
  it("of branches takes each stage from the one before, by hand, by fast-forward", () => {
    const { stages, project, intervalMs } = read(dev, staging, prod);
    expect([project, intervalMs]).toEqual(["default", 60_000]);
    expect(stages.map(({ name, after, isAutomatic, write }) => [name, after, isAutomatic, write.by])).toEqual(
      [
        ["dev", [], false, "fast-forward"],
        ["staging", ["dev"], false, "fast-forward"],
        ["prod", ["staging"], false, "fast-forward"],
      ],
    );
    expect(stages[0]?.applications).toEqual(["argocd/shop-dev"]);
    expect(stages[2]?.applications).toEqual(["team/shop-prod"]);
  });

  it("of folders is copied, and keeps its stages in the order in which they depend on each other", () => {
    const { stages } = read(
      { name: "prod", branch: "main", path: "/envs/prod/", applications: [], after: ["eu", "us"] },
      { name: "us", branch: "main", path: "envs/us", applications: [], after: ["dev"] },
      { name: "eu", branch: "main", path: "envs/eu", applications: [], after: ["dev"] },
      { name: "dev", branch: "main", path: "./envs/dev", applications: [], after: [] },
    );
    expect(stages.map(({ name, path, write }) => `${name} ${path} ${write.by}`)).toEqual([
      "dev envs/dev copy",
      "us envs/us copy",
      "eu envs/eu copy",
      "prod envs/prod copy",
    ]);
  });

  it.each([
    [
      "a circle",
      [{ ...dev, after: ["prod"] }, staging, prod],
      "spec.stages go round in a circle (dev after prod after staging after dev)",
    ],
    [
      "a stage that is not there",
      [dev, { ...prod, after: ["qa"] }],
      'spec.stages[1].after[0] is "qa", which is no stage; use one of dev, prod',
    ],
    ["one that waits for itself", [{ ...dev, after: ["dev"] }], "go round in a circle (dev after dev)"],
    [
      "two of one name",
      [dev, { ...staging, name: "dev" }],
      "spec.stages[1].name is dev, like another stage's",
    ],
    ["two in one place", [dev, { ...staging, branch: "main" }], "is the same place as stage dev"],
    [
      "two in one place of a repository that is written in two ways",
      [dev, { ...staging, branch: "main", repoURL: "https://git.example.com/shop", write: { by: "copy" } }],
      "spec.stages[1].branch is the same place as stage dev",
    ],
    [
      "a folder of the branch that another has all of, which would never come to rest",
      [dev, { ...staging, branch: "main", path: "envs/staging" }],
      'spec.stages[1].path is "envs/staging" and stage dev has all of the same branch: one is in the other',
    ],
    [
      "a folder in another's",
      [
        { ...dev, path: "envs/dev/web" },
        { ...staging, branch: "main", path: "envs/dev" },
      ],
      'spec.stages[1].path is "envs/dev" and stage dev has "envs/dev/web" of the same branch',
    ],
    [
      "a proposal on an environment's branch, which it would overwrite",
      [dev, { ...staging, write: { pullRequest: { branch: "main" } } }],
      'spec.stages[1].write.pullRequest.branch is "main", the branch of stage dev, which a proposal would overwrite',
    ],
    [
      "an environment on the branch that a proposal has unless told",
      [
        { ...dev, branch: "mooring/shop/staging" },
        { ...staging, write: { pullRequest: {} } },
      ],
      'spec.stages[1].write.pullRequest.branch is "mooring/shop/staging", the branch of stage dev',
    ],
    [
      "an application in two",
      [dev, { ...staging, applications: ["shop-dev"] }],
      "spec.stages[1].applications[0] is argocd/shop-dev, which stage dev names, too",
    ],
    ["a path out of the repository", [{ ...dev, path: "a/../../b" }], "spec.stages[0].path is"],
    [
      "a field that is not known",
      [{ ...dev, gate: [] }],
      "spec.stages[0].gate is not known; use name, repoURL",
    ],
    [
      "a folder by merge",
      [dev, { ...staging, path: "x", write: { by: "merge" } }],
      "spec.stages[1].write.by is merge, which a folder cannot be written by; use copy",
    ],
    [
      "what to keep without a copy",
      [dev, { ...staging, write: { keep: ["a"] } }],
      "spec.stages[1].write.keep has no meaning with fast-forward",
    ],
    [
      "a pull request without a forge",
      [dev, { ...staging, write: { pullRequest: {} } }],
      "spec.stages[1].write.pullRequest needs spec.forge",
    ],
  ] as const)("with %s is refused, naming the field", (_what, stages, message) => {
    expect(refuse(...stages)).toContain(message);
    expect(refuse(...stages)).toContain("Pipeline/argocd/shop");
  });
});

it("folders beside each other, and those of other branches, are stages", () => {
  const { stages } = read(
    { ...dev, path: "envs/dev" },
    { ...staging, branch: "main", path: "envs/dev2" },
    { ...prod, path: "envs/dev" },
  );
  expect(stages.map(({ name }) => name)).toEqual(["dev", "staging", "prod"]);
});

describe("a gate", () => {
  const gate = (entry: JsonObject) => refuse(dev, { ...staging, gates: [entry] });

  it("has a name and an end", () => {
    const { stages } = read(dev, {
      ...staging,
      gates: [{ soak: "30m" }, { approvals: { groups: ["sre"] }, timeout: "2h", name: "sre" }],
    });
    expect(stages[1]?.gates.map(({ name, kind, timeoutMs }) => [name, kind, timeoutMs])).toEqual([
      ["soak", "soak", 86_400_000],
      ["sre", "approvals", 7_200_000],
    ]);
  });

  it.each([
    [{}, "spec.stages[1].gates[0] says nothing; write exactly one of soak, approvals"],
    [{ soak: "1h", approvals: {} }, "says soak and approvals; write exactly one"],
    [{ soak: "25h" }, "never passes; set timeout to more"],
    [{ soak: "soon" }, 'spec.stages[1].gates[0].soak is "soon"; write it like'],
    [{ approvals: { required: 0 } }, "spec.stages[1].gates[0].approvals.required is 0"],
    [{ approvals: { required: 2, users: ["ann"] } }, "only 1 may approve; name more people or a group"],
    [
      { window: { kind: "allow", schedule: "noon", duration: "1h" } },
      "spec.stages[1].gates[0].window.schedule is",
    ],
    [{ webhook: { url: "ftp://x" } }, "spec.stages[1].gates[0].webhook.url is no http or https URL"],
    [{ webhook: { url: "https://me:secret@x" } }, "without credentials in it"],
    [{ prometheus: { url: "https://p", query: "q", condition: "c", count: 0 } }, "prometheus.count is 0"],
    [{ commitStatus: { context: "ci" } }, "commitStatus needs spec.forge"],
  ])("that cannot be kept is refused: %j", (entry, message) => {
    expect(gate(entry)).toContain(message);
    expect(gate(entry)).not.toContain("secret@");
  });

  it("that asks people cannot verify what was applied", () => {
    expect(refuse(dev, { ...staging, verification: [{ approvals: {} }] })).toContain(
      "spec.stages[1].verification[0].approvals cannot verify what was applied",
    );
  });
});

describe("a freeze", () => {
  const at = (time: string) => Date.parse(time);

  it("holds for its stages, from a moment or by a schedule", () => {
    const { freezes } = parsePipeline(
      pipeline({
        stages: [dev, prod],
        freezes: [
          { name: "christmas", from: "2026-12-20T00:00:00Z", until: "2027-01-04T00:00:00Z" },
          { name: "weekend", schedule: "0 18 * * fri", duration: "62h", stages: ["prod"] },
        ],
      }),
    );
    const frozen = (stage: string, time: string) => {
      const found = freezeAt(freezes, stage, at(time));
      return found === undefined
        ? ""
        : `${found.freeze.name} until ${new Date(found.endsMs ?? 0).toISOString()}`;
    };
    expect(frozen("dev", "2026-12-24T12:00:00Z")).toBe("christmas until 2027-01-04T00:00:00.000Z");
    expect(frozen("dev", "2027-01-04T00:00:00Z")).toBe("");
    expect(frozen("prod", "2026-12-05T12:00:00Z")).toBe("weekend until 2026-12-07T08:00:00.000Z");
    expect(frozen("dev", "2026-12-05T12:00:00Z")).toBe("");
  });

  it.each([
    [{ name: "a" }, "spec.freezes[0] must have either from, or schedule and duration"],
    [
      { name: "a", from: "2026-12-20T00:00:00Z", until: "2026-12-20T00:00:00Z" },
      "spec.freezes[0].until is not after from",
    ],
    [{ name: "a", schedule: "0 18 * * fri" }, "spec.freezes[0].duration is missing"],
    [{ name: "a", from: "2026-12-20T00:00:00Z", stages: ["qa"] }, "spec.freezes[0].stages[0] is"],
  ])("that cannot be kept is refused: %j", (freeze, message) => {
    expect(() => parsePipeline(pipeline({ stages: [dev], freezes: [freeze] }))).toThrow(message);
  });
});
