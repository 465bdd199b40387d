import { describe, expect, it } from "vitest";
import type { ListName } from "./project-form.ts";
import { changedProject, projectFormOf, projectProblem } from "./project-form.ts";
import { parseProjectSearch } from "./project-search.ts";

const full = {
  metadata: { name: "shop", resourceVersion: "7", labels: { tier: "prod" } },
  spec: {
    description: "The shop",
    sourceRepos: ["https://git.example/*", "!https://git.example/old"],
    sourceNamespaces: ["team-*"],
    destinations: [
      { server: "https://eu", namespace: "shop-*" },
      { name: "us", namespace: "*" },
    ],
    clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "shop-*" }],
    clusterResourceBlacklist: [{ group: "admissionregistration.k8s.io", kind: "*" }],
    namespaceResourceWhitelist: [],
    namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
    destinationServiceAccounts: [
      { server: "https://eu", namespace: "shop-*", defaultServiceAccount: "deployer" },
    ],
    permitOnlyProjectScopedClusters: true,
    orphanedResources: { ignore: [{ kind: "ConfigMap", name: "kube-root-ca.crt" }] },
    signatureKeys: [{ keyID: "4AEE18F83AFDEB23" }],
    sourceIntegrity: {
      git: {
        policies: [{ repos: [{ url: "https://git.example/*" }], gpg: { mode: "head", keys: ["A", "B"] } }],
      },
    },
    roles: [{ name: "ci", policies: ["p, proj:shop:ci, applications, get, shop/*, allow"] }],
    syncWindows: [{ kind: "deny", schedule: "@daily", duration: "1h" }],
  },
};

describe("a project in its form", () => {
  it("is the same when nothing was changed, with its roles and windows", () => {
    expect(changedProject(full, projectFormOf(full))).toEqual(full);
    const bare = { metadata: { name: "bare" }, spec: {} };
    expect(changedProject(bare, projectFormOf(bare))).toEqual(bare);
  });

  it("leaves out what was emptied, and rows without a text", () => {
    const form = projectFormOf(full);
    const empty = { ...form.lists };
    for (const name of Object.keys(empty) as readonly ListName[]) empty[name] = [{}];
    const changed = changedProject(full, {
      ...form,
      description: " ",
      labels: [{ key: " ", value: "x" }],
      sourceRepos: ["", " "],
      sourceNamespaces: [],
      lists: empty,
      integrity: [{ mode: " " }],
      permitOnlyProjectScopedClusters: false,
      watchesOrphans: false,
    });
    const { roles, syncWindows } = full.spec;
    expect(changed).toEqual({
      metadata: { name: "shop", resourceVersion: "7" },
      spec: { roles, syncWindows, namespaceResourceWhitelist: [] },
    });
  });

  it("writes the core group, and says that orphans bring no warning", () => {
    const form = projectFormOf(full);
    const { spec } = changedProject(full, {
      ...form,
      warnsOfOrphans: false,
      ignoredOrphans: [],
      lists: { ...form.lists, namespaceResourceBlacklist: [{ group: " ", kind: " Pod " }] },
    });
    expect(spec?.namespaceResourceBlacklist).toEqual([{ group: "", kind: "Pod" }]);
    expect(spec?.orphanedResources).toEqual({ warn: false });
  });

  it.each([
    [{ lists: { destinations: [{ server: "a", name: "b" }] } }, "has both a server and a name"],
    [{ lists: { clusterResourceBlacklist: [{ group: "apps" }] } }, "A kind is missing"],
    [{ lists: { destinationServiceAccounts: [{ namespace: "x" }] } }, "A service account is missing"],
    [{ lists: {}, integrity: [{ repos: "x", mode: "always" }] }, "none, head or strict"],
  ])("says what is wrong: %j", (change, problem) => {
    const form = projectFormOf(full);
    expect(projectProblem({ ...form, ...change, lists: { ...form.lists, ...change.lists } })).toContain(
      problem,
    );
    expect(projectProblem(form)).toBeUndefined();
  });
});

it("reads the tab from the address, and takes another for the summary", () => {
  expect(parseProjectSearch({ tab: "windows" })).toEqual({ tab: "windows" });
  expect(parseProjectSearch({ tab: "summary" })).toEqual({});
  expect(parseProjectSearch({ tab: ["x"] })).toEqual({});
});
