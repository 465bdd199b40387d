import { expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { parsePipeline } from "./pipeline.ts";
import { writeDenial } from "./write-denial.ts";

const repoURL = "https://git.example.com/shop.git";
const moment = { nowMs: 1_797_811_200_000, formatTime: (ms: number) => new Date(ms).toISOString() };
const hold = { revisions: [], by: "ann", reason: "it is slow", since: "2026-12-01T00:00:00Z" };

const pipeline = (spec: JsonObject, status: JsonObject = {}) =>
  parsePipeline({
    apiVersion: "mooring.dev/v1alpha1",
    kind: "Pipeline",
    metadata: { name: "shop", namespace: "argocd" },
    spec: {
      repoURL,
      stages: [
        { name: "dev", branch: "main", path: "envs/dev", applications: ["web-dev"] },
        { name: "prod", branch: "main", path: "envs/prod", applications: ["web"] },
      ],
      ...spec,
    },
    status,
  });
const frozen = pipeline({
  freezes: [{ name: "feast", from: "2026-12-20T00:00:00Z", until: "2027-01-04T00:00:00Z", stages: ["prod"] }],
});
const held = pipeline({}, { stages: [{ name: "dev", hold }] });
const at = (...paths: readonly string[]) => ({
  repoUrl: "https://git.example.com/shop",
  branch: "main",
  paths,
});

it.each([
  [
    frozen,
    at("envs/prod/web.yaml"),
    "stage prod of Pipeline argocd/shop is frozen by feast, until 2027-01-04",
  ],
  [frozen, at("envs"), "frozen"],
  [frozen, at(), "frozen"],
  [frozen, at("envs/prod"), "frozen"],
  [frozen, { application: "argocd/web" }, "frozen"],
  [frozen, at("envs/dev"), undefined],
  [frozen, at("envs/production"), undefined],
  [frozen, { ...at("envs/prod"), branch: "bump" }, undefined],
  [frozen, { ...at("envs/prod"), repoUrl: "https://git.example.com/other" }, undefined],
  [frozen, { application: "argocd/web-dev" }, undefined],
  [
    held,
    at("./envs/dev/"),
    "held since 2026-12-01T00:00:00Z, by ann: it is slow; end the hold with: mooring pipeline resume shop/dev",
  ],
  [pipeline({ suspend: true }), at("envs/dev"), "suspended"],
] as const)("%#: what a stage does not take now is not written there", (one, place, said) => {
  const denial = writeDenial([one], place, moment);
  if (said === undefined) expect(denial).toBeUndefined();
  else expect(denial).toContain(said);
});
