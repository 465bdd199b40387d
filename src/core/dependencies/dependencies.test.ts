import { describe, expect, it } from "vitest";
import type { AppKey } from "#core/app/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import {
  admitsDependents,
  followedSources,
  formatAutomatedWait,
  formatCycle,
  isSameState,
  judgeDependency,
  parseDependencies,
  viewWaitingSince,
} from "./index.ts";

const source = { repoURL: "https://git.example/shop.git", path: "db", targetRevision: "main" };
const destination = { server: "https://kubernetes.default.svc", namespace: "shop" };
const [one, two] = ["1".repeat(40), "2".repeat(40)];

function application(status: JsonObject, more: Partial<KubeObject> = {}): KubeObject {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "db", namespace: "argocd" },
    spec: { project: "default", source, destination },
    status,
    ...more,
  };
}

function status(more: JsonObject = {}, sync: JsonObject = {}): JsonObject {
  const comparedTo = { source, destination };
  return {
    sync: { status: "Synced", revision: one, comparedTo, ...sync },
    health: { status: "Healthy" },
    ...more,
  };
}

const annotated = (text: string): KubeObject => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "web", namespace: "argocd", annotations: { "mooring.dev/depends-on": text } },
});

describe("parseDependencies", () => {
  it.each([
    ["db", ["argocd/db"], undefined],
    [" db , team-a/db,,db", ["argocd/db", "team-a/db"], undefined],
    ["", [], undefined],
    [
      "a/b/c, db",
      ["argocd/db"],
      `"a/b/c" names no Application; write name or namespace/name, separated by commas`,
    ],
    ["Shop Db", [], `"Shop Db" names no Application; write name or namespace/name, separated by commas`],
  ])("reads %j", (text, keys, problem) => {
    expect(parseDependencies(annotated(text))).toEqual({ keys, problem });
  });

  it("refuses to follow more than anybody means", () => {
    const text = Array.from({ length: 101 }, (_, i) => `app-${i}`).join();
    expect(parseDependencies(annotated(text))).toEqual({
      keys: [],
      problem: "names 101 Applications, more than 100; depend on one that depends on them",
    });
  });
});

describe("judgeDependency", () => {
  const wanted = followedSources([{ ...source, path: "web" }], [one]);
  it.each<[string, KubeObject, string | undefined]>([
    ["is synced and healthy at the commit", application(status()), undefined],
    [
      "has never been looked at",
      application({}),
      "not compared with its spec yet, at revision none, Unknown",
    ],
    ["is out of sync", application(status({}, { status: "OutOfSync" })), "OutOfSync"],
    [
      "is kept by a hold from the commit, which failed",
      application(status({}, { status: "OutOfSync" }), {
        metadata: { name: "db", namespace: "argocd", annotations: { "mooring.dev/rollback-hold": "{}" } },
      }),
      "OutOfSync, kept from what Git wants, which failed",
    ],
    ["has not seen the commit", application(status({}, { revision: two })), "at revision 2222222"],
    ["is not healthy", application(status({ health: { status: "Degraded" } })), "Degraded"],
    ["is suspended", application(status({ health: { status: "Suspended" } })), "Suspended"],
    [
      "was compared with another branch",
      application(status({}, { comparedTo: { source: { ...source, targetRevision: "next" }, destination } })),
      "not compared with its spec yet",
    ],
    ["is being synced", application(status({ operationState: { phase: "Running" } })), "a sync is running"],
    ["is to be synced", application(status(), { operation: { sync: {} } }), "a sync is asked for"],
    [
      "has failed to sync this commit",
      application(status({ operationState: { phase: "Failed", syncResult: { revision: one } } })),
      "its last sync failed",
    ],
    [
      "has failed to sync another commit",
      application(status({ operationState: { phase: "Failed", syncResult: { revision: two } } })),
      undefined,
    ],
    [
      "does not know its repository any more",
      application(status({ conditions: [{ type: "ComparisonError", message: "secret" }] })),
      "ComparisonError",
    ],
    [
      "is being deleted",
      application(status(), { metadata: { name: "db", deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      "being deleted",
    ],
    [
      "deploys another branch",
      application(
        status(
          {},
          { revision: two, comparedTo: { source: { ...source, targetRevision: "v2" }, destination } },
        ),
        {
          spec: { source: { ...source, targetRevision: "v2" }, destination },
        },
      ),
      undefined,
    ],
  ])("of one that %s", (_title, dependency, state) => {
    expect(judgeDependency(dependency, wanted)).toBe(state);
  });

  it("compares the same branch of a repository however its URL is written, and no charts", () => {
    const chart = { repoURL: "https://charts.example", chart: "db", targetRevision: "1.*" };
    const ours = followedSources([{ ...source, repoURL: "https://GIT.example/shop" }, chart], [two, "1.2.0"]);
    expect(judgeDependency(application(status()), ours)).toBe("at revision 1111111");
    expect(ours).toHaveLength(1);
  });
});

it("takes nothing for news but what a dependent could wait for", () => {
  const before = application(status());
  expect(isSameState(before, application(status({ reconciledAt: "2026-01-01T00:00:00Z" })))).toBe(true);
  expect(isSameState(before, application(status({}, { revision: two })))).toBe(false);
  expect(isSameState(undefined, before)).toBe(false);
});

it("lets in the projects that the annotation names, and nobody unless told", () => {
  const project = (dependents: string): KubeObject => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "AppProject",
    metadata: { name: "infra", annotations: { "mooring.dev/dependents": dependents } },
  });
  expect(admitsDependents(project("shop, team-*"), "team-a")).toBe(true);
  expect(admitsDependents(project("shop, team-*"), "other")).toBe(false);
  expect(admitsDependents(project("*"), "other")).toBe(true);
  expect(admitsDependents(project("!shop"), "other")).toBe(false);
  expect(admitsDependents(undefined, "shop")).toBe(false);
});

it("says how long it has waited already, and shortens what is long", () => {
  const awaited = Array.from({ length: 7 }, (_, i) => ({ key: `argocd/${i}` as AppKey, state: "OutOfSync" }));
  const since = "2026-01-01T00:00:00Z";
  const text = formatAutomatedWait(awaited, { since, command: "mooring app sync web" });
  expect(text).toContain("Application/argocd/4 (OutOfSync) and 2 more, since 2026-01-01T00:00:00Z;");
  expect(viewWaitingSince(text)).toBe(since);
  expect(
    viewWaitingSince("waiting for healthy state of x, since 2026-01-01T00:00:00Z; to stop it"),
  ).toBeUndefined();
  const way = [
    ...Array.from({ length: 11 }, (_, i) => `argocd/${i}`),
    "argocd/0",
  ] as unknown as readonly AppKey[];
  expect(formatCycle([undefined, ...way])).toContain(
    "an application of another project → argocd/0 → argocd/1 → argocd/2 → argocd/3 → argocd/4 → argocd/5 → 5 more → argocd/0;",
  );
});
