import { expect, it } from "vitest";
import type { Application, ApplicationStatus } from "#core/app/index.ts";
import type { AppModel } from "../workload/apps.ts";
import { createGitContent } from "../world/git-content.ts";
import { createRepository } from "../world/repositories.ts";
import { DependencyCheck } from "./dependency-check.ts";

const [one, two] = ["1".repeat(40), "2".repeat(40)];

function application(name: string, status: ApplicationStatus, annotations = {}): Application {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd", uid: name, annotations },
    spec: { project: "default", destination: {} },
    status,
  };
}

const ready = (revision: string) =>
  application("db", { sync: { status: "Synced", revision }, health: { status: "Healthy" } });

const begins = (revision: string, startedAt: string, heals = false) =>
  application(
    "web",
    {
      operationState: {
        phase: "Running",
        startedAt,
        operation: {
          initiatedBy: { automated: true },
          sync: { revision, ...(heals ? { resources: [{ kind: "ConfigMap", name: "a" }] } : {}) },
        },
      },
    },
    { "mooring.dev/depends-on": "db" },
  );

it("finds an automated sync that begins before its dependency was at that commit, and no other", () => {
  const content = createGitContent(createRepository("https://git.example.com/a.git"));
  const model = { content, branch: "main" } as unknown as AppModel;
  const findings: string[] = [];
  const models = new Map([
    ["db", [model]],
    ["web", [model]],
  ]);
  const check = new DependencyCheck({ models, find: (what) => void findings.push(what) });
  check.look(ready(one));
  check.look(begins(one, "2026-01-01T00:00:00Z"));
  check.look(begins(two, "2026-01-01T00:01:00Z", true));
  expect(findings).toEqual([]);
  check.look(begins(two, "2026-01-01T00:02:00Z"));
  check.look(begins(two, "2026-01-01T00:02:00Z"));
  expect(findings).toEqual(["web begins to sync 2222222 before db was synced and healthy there"]);
});
