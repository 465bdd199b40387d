import { describe, expect, it } from "vitest";
import type { GlobalProject } from "./global-projects.ts";
import { globalProjectsOf, globalRules, withGlobalRules } from "./global-projects.ts";
import type { AppProject, AppProjectSpec } from "./types.ts";

function project(
  name: string,
  spec: AppProjectSpec,
  labels: Readonly<Record<string, string>> = {},
): AppProject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name, labels }, spec };
}

describe("the global projects of a project", () => {
  const selected = (
    labelSelector: GlobalProject["labelSelector"],
    labels: Readonly<Record<string, string>>,
  ) => globalProjectsOf(project("shop", {}, labels), [{ projectName: "base", labelSelector }]).length === 1;
  const expression = (operator: string, values?: readonly string[]) => ({
    matchExpressions: [{ key: "tier", operator, ...(values === undefined ? {} : { values }) }],
  });

  it.each<[string, GlobalProject["labelSelector"], Readonly<Record<string, string>>, boolean]>([
    ["an empty selector", {}, {}, true],
    ["a label", { matchLabels: { tier: "prod" } }, { tier: "prod" }, true],
    ["another value", { matchLabels: { tier: "prod" } }, { tier: "dev" }, false],
    ["In", expression("In", ["prod", "stage"]), { tier: "stage" }, true],
    ["In, without the label", expression("In", ["prod"]), {}, false],
    ["NotIn", expression("NotIn", ["prod"]), { tier: "prod" }, false],
    ["NotIn, without the label", expression("NotIn", ["prod"]), {}, true],
    ["Exists", expression("Exists"), { tier: "" }, true],
    ["Exists, without the label", expression("Exists"), {}, false],
    ["DoesNotExist", expression("DoesNotExist"), { tier: "prod" }, false],
    ["DoesNotExist, without the label", expression("DoesNotExist"), {}, true],
    [
      "two conditions, one of them met",
      { matchLabels: { a: "1" }, ...expression("Exists") },
      { a: "1" },
      false,
    ],
  ])("are found by %s", (...[, selector, labels, expected]) => {
    expect(selected(selector, labels)).toBe(expected);
  });

  it("are named once, and a project is not its own", () => {
    const settings = ["base", "base", "shop", "more"].map((projectName) => ({
      projectName,
      labelSelector: {},
    }));
    expect(globalProjectsOf(project("shop", {}), settings)).toEqual(["base", "more"]);
  });

  it("add their lists behind its own, and nothing else", () => {
    const window = { kind: "deny", schedule: "@daily", duration: "1h" };
    const base = globalRules(
      project("base", {
        sourceRepos: ["https://base/*"],
        destinations: [{ server: "*", namespace: "base" }],
        clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
        namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
        syncWindows: [window],
        signatureKeys: [{ keyID: "4AEE18F83AFDEB23" }],
        orphanedResources: { warn: true },
        permitOnlyProjectScopedClusters: true,
      }),
    );
    const own = { sourceRepos: ["https://shop/*"], namespaceResourceWhitelist: [] };
    expect(withGlobalRules(project("shop", own), [base]).spec).toEqual({
      sourceRepos: ["https://shop/*", "https://base/*"],
      destinations: [{ server: "*", namespace: "base" }],
      clusterResourceWhitelist: [{ group: "", kind: "Namespace" }],
      namespaceResourceWhitelist: [],
      namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
      syncWindows: [window],
    });
  });
});
