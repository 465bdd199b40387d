import { describe, expect, it } from "vitest";
import type { Application, ApplicationSpec, Operation } from "./types.ts";
import { formatUnsupported, unsupportedFields } from "./unsupported.ts";
import { validateApplicationSpec, validateOperation } from "./validate.ts";

const spec: ApplicationSpec = {
  project: "default",
  source: { repoURL: "https://git.example/shop.git", path: "web" },
  destination: { server: "https://kubernetes.default.svc", namespace: "shop" },
};

function application(fields: Partial<ApplicationSpec>, operation?: Operation): Application {
  return {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "web", namespace: "argocd" },
    spec: { ...spec, ...fields },
    ...(operation === undefined ? {} : { operation }),
  };
}

const source = { repoURL: "https://git.example/shop.git" };
const problemsOf = (fields: Partial<ApplicationSpec>) =>
  validateApplicationSpec(application(fields)).map((problem) =>
    problem.message.replace("Application/argocd/web: ", ""),
  );

describe("validateApplicationSpec", () => {
  it.each<Partial<ApplicationSpec>>([
    {},
    { source: { ...source, path: "." } },
    {
      source: { ...source, path: "a/../b", directory: { recurse: true, include: "{a,b}.yaml", jsonnet: {} } },
    },
    { sources: [{ ...source, path: "web" }] },
    { source: { ...source, chart: "nginx", targetRevision: "1.2.3", helm: { values: "a: 1" } } },
    {
      sources: [
        { ...source, path: "web", helm: { valueFiles: ["$values/a"] } },
        { ...source, ref: "values" },
      ],
    },
    { destination: { name: "in-cluster" } },
    {
      syncPolicy: { automated: { prune: true }, retry: { limit: -1, backoff: { duration: "5", factor: 2 } } },
    },
    { source: { ...source, path: "web", helm: { parameters: [] }, kustomize: {} } },
  ])("accepts %j", (fields) => {
    expect(problemsOf(fields)).toEqual([]);
  });

  it.each<[Partial<ApplicationSpec>, readonly string[]]>([
    [{ source: { repoURL: " ", path: "web" } }, ["spec.source.repoURL is empty; add the repository"]],
    [{ source }, ["spec.source has neither path nor chart; add one of them (path: . is the root)"]],
    [
      { source: { ...source, path: "/web" } },
      ["spec.source.path starts with /; write it relative to the repository's root"],
    ],
    [
      { source: { ...source, path: "web/../../etc" } },
      ["spec.source.path leads out of the repository; remove .."],
    ],
    [
      { sources: [{ ...source, path: "a" }, { ...source }] },
      ["spec.sources[1] has neither path nor chart; add one of them (path: . is the root)"],
    ],
    [
      { source: { repoURL: "https://charts.example", chart: "web", targetRevision: "1.x", tagPrefix: "v" } },
      ["spec.source.tagPrefix is about tags of Git repositories; remove it"],
    ],
    [{ destination: {} }, ["spec.destination has neither server nor name; add one of them"]],
    [
      { destination: { server: "https://a", name: "a" } },
      ["spec.destination has both server and name; remove one of them"],
    ],
    [
      { syncPolicy: { retry: { backoff: { duration: "soon", maxDuration: "-1m", factor: 0 } } } },
      [
        'spec.syncPolicy.retry.backoff.duration: duration "soon": not a number with a unit; write it like 5s, 3m or 1h30m',
        "spec.syncPolicy.retry.backoff.maxDuration is negative; write it like 5s or 3m",
        "spec.syncPolicy.retry.backoff.factor is 0; make it 1 or more",
      ],
    ],
    [{ revisionHistoryLimit: -1 }, ["spec.revisionHistoryLimit is -1; make it 0 or more"]],
    [
      { source: { ...source, chart: "nginx", helm: { releaseName: "x" } } },
      ["spec.source.targetRevision is empty; name the chart's version, or * for the newest"],
    ],
    [
      { source: { ...source, path: "web", helm: { releaseName: "x" }, kustomize: { namePrefix: "x" } } },
      ["spec.source has kustomize and helm; keep one of them"],
    ],
    [
      { source: { ...source, chart: "nginx", targetRevision: "1.*", directory: { recurse: true } } },
      ["spec.source has a chart, which directory does not render; remove one of them"],
    ],
    [
      {
        sources: [
          { ...source, ref: "a/b" },
          { ...source, ref: "values" },
          { ...source, ref: "values" },
          { ...source, ref: "c", chart: "nginx", targetRevision: "1.0.0" },
        ],
      },
      [
        "spec.sources[0].ref may hold letters, digits, - and _; rename it",
        "spec.sources[2].ref is the name of another source, too; rename it",
        "spec.sources[3] is a chart, whose files cannot be referred to; remove ref",
      ],
    ],
  ])("says what is wrong with %j", (fields, messages) => {
    expect(problemsOf(fields)).toEqual(messages);
  });

  it("asks for a source and starts with the Application", () => {
    const { source: _, ...without } = spec;
    expect(validateApplicationSpec({ ...application({}), spec: without })).toEqual([
      {
        path: "spec.source",
        message: "Application/argocd/web: spec.source is required; add where the manifests come from",
      },
    ]);
  });

  it("leaves the operation to its own check", () => {
    const operation: Operation = { sync: { manifests: ["{}"], source: { ...source, path: "../x" } } };
    expect(validateApplicationSpec(application({}, operation))).toEqual([]);
    expect(validateOperation(operation).map((problem) => problem.message)).toEqual([
      "sync.source.path leads out of the repository; remove ..",
    ]);
    expect(validateOperation({})).toEqual([
      { path: "sync", message: "the operation asks for nothing; set sync" },
    ]);
  });
});

describe("unsupportedFields", () => {
  it("tells of a sync option once while an automated sync runs that has it from the spec", () => {
    const syncOptions = ["CreateNamespce=true"];
    const path = "spec.syncPolicy.syncOptions[0]";
    const pathsOf = (operation: Operation) =>
      unsupportedFields(application({ syncPolicy: { syncOptions } }, operation)).map((field) => field.path);
    expect(pathsOf({ sync: { syncOptions }, initiatedBy: { automated: true } })).toEqual([path]);
    expect(pathsOf({ sync: { syncOptions }, initiatedBy: { username: "ada" } })).toEqual([
      path,
      "operation.sync.syncOptions[0]",
    ]);
  });

  it("lists what is set and has no effect, and says why", () => {
    const app = application(
      {
        sources: [{ ...source, path: "web" }],
        ignoreDifferences: [{ kind: "Deployment", jsonPointers: ["/spec/replicas"] }],
        syncPolicy: {
          managedNamespaceMetadata: {},
          syncOptions: [
            "Prune=confirm",
            "PruneLast",
            "Prune=maybe",
            "ServerSideDiff=true",
            "AllowMassPrune=true",
          ],
        },
      },
      { sync: { revisions: ["a", "b"] } },
    );
    expect(unsupportedFields(app).map(formatUnsupported)).toEqual([
      "spec.source is set, but spec.sources wins over it; remove one of them",
      "spec.syncPolicy.managedNamespaceMetadata is set, but it has no effect without sync option CreateNamespace=true; add it",
      'spec.syncPolicy.syncOptions[1] is set, but "PruneLast" has no effect; write PruneLast=true or PruneLast=false',
      'spec.syncPolicy.syncOptions[2] is set, but "Prune=maybe" has no effect; write Prune=true or Prune=false or Prune=confirm',
      'spec.syncPolicy.syncOptions[3] is set, but "ServerSideDiff=true" is no sync option and has no effect; correct or remove it',
    ]);
  });

  it("asks whom the name of a source that stands alone is for", () => {
    const app = application({ source: { ...source, path: "web", ref: "values" } });
    expect(unsupportedFields(app).map(formatUnsupported)).toEqual([
      "spec.source.ref is set, but there are no other sources that could refer to it; use spec.sources",
    ]);
  });

  it("is silent about an Application as Argo CD stores it", () => {
    const stored = application({
      source: {
        ...source,
        path: "web",
        targetRevision: "HEAD",
        directory: { jsonnet: { tlas: [] }, recurse: true },
        helm: { parameters: [], values: "" },
      },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ["CreateNamespace=true", "PrunePropagationPolicy=background", "ServerSideApply=true"],
      },
    });
    expect(unsupportedFields(stored)).toEqual([]);
  });
});
