import { describe, expect, it } from "vitest";
import {
  activityOf,
  clusterOf,
  formatCluster,
  formatSource,
  isAutomated,
  lastChangeOf,
  revisionOf,
  sourcesOf,
} from "./describe-application.ts";
import type { Application } from "./list-query.ts";

const app = (value: object): Application => value as Application;
const commit = "0123456789abcdef0123456789abcdef01234567";

describe("where an application comes from", () => {
  it("is one source or several, of which the several count", () => {
    const [one, two] = [{ repoURL: "a" }, { repoURL: "b" }];
    expect(sourcesOf(app({}))).toEqual([]);
    expect(sourcesOf(app({ spec: { source: one } }))).toEqual([one]);
    expect(sourcesOf(app({ spec: { source: one, sources: [two, one] } }))).toEqual([two, one]);
  });

  it.each([
    [{ repoURL: "https://git.example.com/shop.git", path: "web" }, "git.example.com/shop / web"],
    [{ repoURL: "https://git.example.com/shop.git", path: "." }, "git.example.com/shop"],
    [{ repoURL: "https://git.example.com/shop.git" }, "git.example.com/shop"],
    [{ repoURL: "https://charts.example.com", chart: "redis" }, "charts.example.com / redis"],
  ])("is shown for %j as %s", (source, expected) => {
    expect(formatSource(source as never)).toBe(expected);
  });

  it("is at the revisions that were compared last", () => {
    expect(revisionOf(app({}))).toBe("");
    expect(revisionOf(app({ status: { sync: { revision: commit } } }))).toBe("0123456");
    expect(
      revisionOf(app({ status: { sync: { revision: commit, revisions: [commit, "1.2.3", ""] } } })),
    ).toBe("0123456, 1.2.3");
  });
});

it("goes to a cluster that is called by its name where it has one", () => {
  const to = (destination: object) => formatCluster(clusterOf(app({ spec: { destination } })));
  expect(to({ name: "prod", server: "https://10.0.0.1" })).toBe("prod");
  expect(to({ server: "https://10.0.0.1:6443" })).toBe("10.0.0.1:6443");
  expect(to({ server: "https://kubernetes.default.svc" })).toBe("in-cluster");
});

it("is automated until that is switched off", () => {
  const automated = (syncPolicy: object) => isAutomated(app({ spec: { syncPolicy } }));
  expect(automated({ automated: {} })).toBe(true);
  expect(automated({ automated: { enabled: true } })).toBe(true);
  expect(automated({ automated: { enabled: false } })).toBe(false);
  expect(automated({})).toBe(false);
});

it("changed last when an operation ended, else began, else when it was created", () => {
  const metadata = { creationTimestamp: "1" };
  const changed = (operationState?: object) => lastChangeOf(app({ metadata, status: { operationState } }));
  expect([changed(), changed({ startedAt: "2" }), changed({ startedAt: "2", finishedAt: "3" })]).toEqual([
    "1",
    "2",
    "3",
  ]);
});

it.each([
  [{ metadata: { deletionTimestamp: "now" }, operation: {} }, "Being deleted"],
  [{ operation: {}, status: { operationState: { phase: "Running" } } }, "Syncing"],
  [{ status: { operationState: { phase: "Terminating" } } }, "Stopping"],
  [{ operation: {}, status: { operationState: { phase: "Succeeded" } } }, "Sync asked for"],
  [{ status: { operationState: { phase: "Succeeded" } } }, undefined],
])("does what %j says: %s", (value, expected) => {
  expect(activityOf(app(value))).toBe(expected);
});
