import { describe, expect, it } from "vitest";
import type { ChosenRevision } from "./choose-revision.ts";
import { chooseRevision } from "./choose-revision.ts";
import type { JsonObject } from "#core/object/index.ts";
import { parsePipeline, requireStage } from "#core/promotion/index.ts";

const [held, tip, next] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];

interface Asked {
  readonly stage?: "dev" | "prod";
  readonly revision?: string;
  readonly status?: JsonObject;
  readonly gates?: JsonObject[];
}

function choose({ stage = "prod", revision = "", status = {}, gates = [] }: Asked): ChosenRevision {
  const pipeline = parsePipeline({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace: "argocd", uid: "u" },
    spec: {
      repoURL: "https://git.example.com/shop.git",
      stages: [
        { name: "dev", branch: "main", applications: [], gates },
        { name: "prod", branch: "prod", applications: [] },
      ],
    },
    status: { stages: [{ name: stage, ...status }] },
  });
  return chooseRevision({ pipeline, stage: requireStage(pipeline, stage), revision });
}

const gates: JsonObject[] = [{ approvals: { required: 1 } }];

describe("promoting again what a stage has", () => {
  it("is asked for by its revision, in whatever commit that is there", () => {
    const again = { revision: held, cause: "Person" };
    expect(choose({ revision: held, status: { revision: held, tip } })).toEqual(again);
    expect(choose({ revision: "aaaaaaa", status: { revision: held, tip } })).toEqual(again);
    expect(choose({ revision: held, status: { revision: held, tip: held } })).toEqual(again);
  });

  it("is asked for by its commit, where plain git brought it", () => {
    expect(choose({ revision: tip, status: { revision: held, tip } })).toEqual({
      revision: tip,
      cause: "Git",
    });
    expect(choose({ revision: "bbbbbbb", status: { tip } })).toEqual({ revision: tip, cause: "Git" });
  });

  it("lets a first stage through anew that has gates, and is refused in one that has none", () => {
    const status = { revision: held, tip };
    for (const revision of ["", held, tip])
      expect(choose({ stage: "dev", revision, status, gates })).toEqual({ revision: tip, cause: "Git" });
    const first = "stage dev is the first, which is whatever is on main";
    expect(() => choose({ stage: "dev", revision: next, status, gates })).toThrow(first);
    expect(() => choose({ stage: "dev", status })).toThrow(first);
  });
});

it("the candidate is promoted when nothing is named, and without one the error says what can be named", () => {
  const candidate = { revision: next };
  expect(choose({ status: { revision: held, tip, candidate } })).toEqual({ revision: next, cause: "Person" });
  expect(() => choose({ status: { revision: held, tip } })).toThrow(
    "that of the stage to let it through anew",
  );
});
