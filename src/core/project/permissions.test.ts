import { describe, expect, it } from "vitest";
import { defaultProject } from "./default-project.ts";
import { checkDestination } from "./destination.ts";
import { validateProject } from "./problems.ts";
import { checkResource } from "./resource.ts";
import { checkSource } from "./source.ts";
import { checkSourceNamespace } from "./source-namespace.ts";
import type { CompilePattern } from "./expression.ts";
import type { AppProject, AppProjectSpec } from "./types.ts";

function project(spec: AppProjectSpec): AppProject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "shop" }, spec };
}

/** As RE2 compiles it, as far as these tests need it. */
const compilePattern: CompilePattern = (pattern) =>
  pattern.includes("(?!") ? new Error("invalid or unsupported Perl syntax: `(?!`") : new RegExp(pattern, "u");

describe("checkSource", () => {
  const permits = (sourceRepos: readonly string[], url: string) =>
    checkSource(project({ sourceRepos }), url) === undefined;

  it.each<[readonly string[], string, boolean]>([
    [["*"], "https://git.example/a/b/c", true],
    [["https://git.example/a/*"], "https://git.example/a/b.git", true],
    [["https://git.example/a/*"], "https://git.example/a/b/c", false],
    [["https://git.example/a/**"], "https://git.example/a/b/c", true],
    [["https://git.example/A.git"], "HTTPS://Git.Example/a", true],
    [["git@git.example:a/*"], "ssh://git@git.example/a/b.git", true],
    [["https://git.example/a"], "https://git.example/ab", false],
    [[], "https://git.example/a", false],
    [["*", "!https://git.example/secret/**"], "https://git.example/secret/a", false],
    [["!https://git.example/secret/**", "*"], "https://git.example/open/a", true],
    [["!https://git.example/secret/**"], "https://git.example/open/a", true],
    [["*", "![broken"], "https://git.example/a", false],
    [["[broken", "https://git.example/a"], "https://git.example/a", true],
  ])("%j permits %s: %s", (sourceRepos, url, permitted) => {
    expect(permits(sourceRepos, url)).toBe(permitted);
  });

  it("names the Application, the repository without its password, the rule and the fix", () => {
    const url = "https://ada:hunter2@git.example/x";
    expect(checkSource(project({}), url, "Application/argocd/web")).toEqual({
      field: "spec.sourceRepos",
      message:
        'Application/argocd/web: repository https://git.example/x is not permitted in project "shop" ' +
        "(spec.sourceRepos); add it to sourceRepos",
    });
    expect(checkSource(project({ sourceRepos: ["*", "!**/x"] }), url)?.message).toBe(
      'repository https://git.example/x is not permitted in project "shop": "!**/x" in spec.sourceRepos forbids it',
    );
  });
});

describe("checkDestination", () => {
  const east = { cluster: { server: "https://east.example", name: "east" }, namespace: "shop" };
  const permits = (destinations: AppProjectSpec["destinations"] & object, target = east) =>
    checkDestination(project({ destinations }), target) === undefined;

  it("needs the namespace and either server or name to match", () => {
    expect(permits([{ server: "https://east.example", namespace: "shop" }])).toBe(true);
    expect(permits([{ name: "ea*", namespace: "*" }])).toBe(true);
    expect(permits([{ server: "*", namespace: "other" }])).toBe(false);
    expect(permits([{ server: "https://west.example", name: "west", namespace: "*" }])).toBe(false);
    expect(permits([{ server: "*" }])).toBe(false);
  });

  it("lets a ban win over every permission, and permit the rest", () => {
    const noSystem = { server: "*", namespace: "!kube-*" };
    const all = { server: "*", namespace: "*" };
    expect(permits([noSystem, all], { ...east, namespace: "kube-system" })).toBe(false);
    expect(permits([all, noSystem], { ...east, namespace: "kube-system" })).toBe(false);
    expect(permits([noSystem])).toBe(true);
    expect(permits([{ name: "!east", namespace: "*" }, all])).toBe(false);
    expect(permits([{ server: "!https://west.example", namespace: "*" }])).toBe(true);
  });

  it("asks for a cluster of the project when only such clusters are permitted", () => {
    const strict = project({
      destinations: [{ server: "*", namespace: "*" }],
      permitOnlyProjectScopedClusters: true,
    });
    expect(
      checkDestination(strict, { ...east, cluster: { ...east.cluster, project: "shop" } }),
    ).toBeUndefined();
    expect(checkDestination(strict, east, "Application/argocd/web")?.message).toBe(
      'Application/argocd/web: cluster east (https://east.example) with namespace "shop" is not permitted in project ' +
        '"shop" (spec.permitOnlyProjectScopedClusters); set project: shop in the cluster\'s Secret',
    );
  });
});

describe("checkResource", () => {
  const deployment = { group: "apps", kind: "Deployment", name: "web", namespace: "shop", namespaced: true };
  const role = {
    group: "rbac.authorization.k8s.io",
    kind: "ClusterRole",
    name: "shop-admin",
    namespaced: false,
  };
  const permits = (spec: AppProjectSpec, resource: typeof deployment | typeof role) =>
    checkResource(project(spec), resource) === undefined;

  it("permits namespaced kinds unless a list says otherwise", () => {
    expect(permits({}, deployment)).toBe(true);
    expect(permits({ namespaceResourceWhitelist: [] }, deployment)).toBe(false);
    expect(permits({ namespaceResourceWhitelist: [{ group: "apps", kind: "*" }] }, deployment)).toBe(true);
    expect(permits({ namespaceResourceWhitelist: [{ group: "", kind: "*" }] }, deployment)).toBe(false);
    expect(permits({ namespaceResourceBlacklist: [{ group: "*", kind: "Deploy*" }] }, deployment)).toBe(
      false,
    );
    expect(permits({ namespaceResourceBlacklist: [{ group: "", kind: "Secret" }] }, deployment)).toBe(true);
  });

  it("permits cluster-scoped kinds only by the whitelist, which may name objects", () => {
    const anyRole = { group: "rbac.*", kind: "ClusterRole" };
    expect(permits({}, role)).toBe(false);
    expect(permits({ clusterResourceWhitelist: [anyRole] }, role)).toBe(true);
    expect(permits({ clusterResourceWhitelist: [{ ...anyRole, name: "shop-*" }] }, role)).toBe(true);
    expect(permits({ clusterResourceWhitelist: [{ ...anyRole, name: "other-*" }] }, role)).toBe(false);
    expect(
      permits(
        { clusterResourceWhitelist: [anyRole], clusterResourceBlacklist: [{ ...anyRole, name: "shop-*" }] },
        role,
      ),
    ).toBe(false);
    expect(permits(defaultProject("argocd").spec, role)).toBe(true);
  });

  it("forbids everything when a ban is not a glob", () => {
    expect(permits({ namespaceResourceBlacklist: [{ group: "[", kind: "*" }] }, deployment)).toBe(false);
  });

  it("names object, kind, rule and fix", () => {
    expect(checkResource(project({}), role)?.message).toBe(
      'ClusterRole/shop-admin: kind rbac.authorization.k8s.io/ClusterRole is not permitted in project "shop" ' +
        '(spec.clusterResourceWhitelist); add {group: "rbac.authorization.k8s.io", kind: ClusterRole} to ' +
        "clusterResourceWhitelist",
    );
  });
});

describe("checkSourceNamespace", () => {
  const home = (namespace: string) => ({ namespace, controllerNamespace: "argocd", compilePattern });

  it("permits the controller's namespace and what the project lists", () => {
    expect(checkSourceNamespace(project({}), home("argocd"))).toBeUndefined();
    expect(checkSourceNamespace(project({ sourceNamespaces: ["team-*"] }), home("team-a"))).toBeUndefined();
    expect(checkSourceNamespace(project({}), home("team-a"))?.message).toBe(
      'Applications in namespace "team-a" may not use project "shop" (spec.sourceNamespaces); ' +
        "add the namespace to sourceNamespaces",
    );
  });
});

describe("regular expressions in sourceNamespaces", () => {
  const permits = (entry: string, namespace: string) =>
    checkSourceNamespace(project({ sourceNamespaces: [entry] }), {
      namespace,
      controllerNamespace: "argocd",
      compilePattern,
    }) === undefined;

  it("match anywhere between the slashes, and permit nothing when they are none", () => {
    expect(permits("/^team-(a|b)$/", "team-a")).toBe(true);
    expect(permits("/^team-(a|b)$/", "team-ab")).toBe(false);
    expect(permits("/eam/", "team-a")).toBe(true);
    expect(permits("/^(?!team).*$/", "other")).toBe(false);
    expect(permits("//", "team-a")).toBe(false);
  });

  it("are named when they are none", () => {
    const spec = { sourceNamespaces: ["[", "/^(?!team).*$/", "/a/"] };
    expect(validateProject(project(spec), compilePattern).map((problem) => problem.message)).toEqual([
      "AppProject/shop: spec.sourceNamespaces[0] is not a glob: a [ is never closed; correct the pattern",
      "AppProject/shop: spec.sourceNamespaces[1] is no regular expression: invalid or unsupported Perl syntax: `(?!`; correct it, without lookaheads and backreferences, or write a glob",
    ]);
  });
});

describe("validateProject", () => {
  it("finds patterns that are not globs", () => {
    const spec = { sourceRepos: ["*", "!["], destinations: [{ server: "*", namespace: "{a" }] };
    expect(validateProject(project(spec), compilePattern).map((problem) => problem.message)).toEqual([
      "AppProject/shop: spec.sourceRepos[1] is not a glob: a [ is never closed; correct the pattern",
      "AppProject/shop: spec.destinations[0].namespace is not a glob: a { is never closed; correct the pattern",
    ]);
    expect(validateProject(defaultProject("argocd"), compilePattern)).toEqual([]);
  });
});
