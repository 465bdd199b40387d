import { describe, expect, it } from "vitest";
import type { JsonObject } from "#core/object/index.ts";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import type { TestCli } from "./run.ts";
import { startCli } from "./run.ts";

/** Runs a command on a project; what it printed, after its code when it failed. */
function runnerOf(cli: TestCli) {
  const run = async (...argv: readonly string[]) => {
    const { code, out, err } = await cli.run("proj", ...argv);
    return code === 0 ? out : `${code} ${err.replaceAll("\n  ", "; ")}`;
  };
  const spec = async (): Promise<JsonObject> => {
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${cli.namespace}/appprojects/shop`;
    return (await callApi<{ readonly spec: JsonObject }>(controlPlane(), { path })).spec;
  };
  return { run, spec };
}

const server = "https://kubernetes.default.svc";

describe("mooring proj", () => {
  it("adds entries to the lists of a project and removes them", async () => {
    const { run, spec } = runnerOf(await startCli("lists"));
    await run(
      "create",
      "shop",
      "-s",
      "https://git.example.com/a.git",
      "--source-namespaces",
      "team-a,team-b",
    );
    const git = "https://git.example.com/b.git";
    expect(await run("add-source", "shop", git)).toBe(`repository ${git} added to project 'shop'\n`);
    expect(await run("add-source", "shop", git)).toContain("spec.sourceRepos has this repository already");
    expect(await run("remove-source", "shop", "https://git.example.com/a.git")).toContain("removed");
    expect(await run("remove-source", "shop", "nowhere")).toContain(
      `spec.sourceRepos does not have this repository; it has ${git}`,
    );
    await run("remove-source-namespace", "shop", "team-a");
    await run("add-source-namespace", "shop", "team-c");
    await run("add-destination", "shop", server, "shop-*");
    await run("add-destination", "shop", "east", "shop", "--name");
    await run("remove-destination", "shop", server, "shop-*");
    await run("add-destination-service-account", "shop", server, "shop", "deployer");
    const other = ["shop", server, "shop", "other", "--service-account-namespace", "ops"];
    await run("add-destination-service-account", ...other);
    await run("remove-destination-service-account", "shop", server, "shop", "deployer");
    await run("add-orphaned-ignore", "shop", "", "ConfigMap", "--name", "left-*");
    await run("add-orphaned-ignore", "shop", "apps", "Deployment");
    await run("remove-orphaned-ignore", "shop", "apps", "Deployment");
    await run("set", "shop", "--orphaned-resources-warn", "--description", "The shop");
    expect(await spec()).toEqual({
      description: "The shop",
      sourceRepos: [git],
      sourceNamespaces: ["team-b", "team-c"],
      destinations: [{ name: "east", namespace: "shop" }],
      destinationServiceAccounts: [{ server, namespace: "shop", defaultServiceAccount: "ops:other" }],
      orphanedResources: { warn: true, ignore: [{ group: "", kind: "ConfigMap", name: "left-*" }] },
    });
    expect(await run("add-source-namespace", "shop", "/(/")).toContain("spec.sourceNamespaces[2]");
  });

  it("permits and forbids kinds in the list that is meant", async () => {
    const { run, spec } = runnerOf(await startCli("kinds"));
    await run("create", "shop");
    expect(await run("allow-cluster-resource", "shop", "", "Namespace", "shop-*")).toBe(
      "/Namespace shop-* added to the permitted cluster-scoped kinds of project 'shop'\n",
    );
    await run("allow-cluster-resource", "shop", "rbac.authorization.k8s.io", "ClusterRole");
    await run("deny-cluster-resource", "shop", "rbac.authorization.k8s.io", "ClusterRole");
    await run("deny-namespace-resource", "shop", "", "Secret");
    await run("deny-namespace-resource", "shop", "", "ConfigMap");
    await run("allow-namespace-resource", "shop", "", "ConfigMap");
    await run("allow-namespace-resource", "shop", "apps", "Deployment", "--list", "allow");
    expect(await run("allow-namespace-resource", "shop", "", "Pod")).toBe(
      "/Pod was not in the forbidden namespaced kinds of project 'shop'\n",
    );
    expect(await spec()).toEqual({
      clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "shop-*" }],
      namespaceResourceBlacklist: [{ group: "", kind: "Secret" }],
      namespaceResourceWhitelist: [{ group: "apps", kind: "Deployment" }],
    });
  });

  it("says which signatures sources need", async () => {
    const { run, spec } = runnerOf(await startCli("integrity"));
    const [first, second] = ["D56C4FCA57A46444", "07E34825A909B250"];
    await run("create", "shop");
    await run("add-signature-key", "shop", first);
    expect(await spec()).toEqual({ signatureKeys: [{ keyID: first }] });
    expect(await run("add-signature-key", "shop", "short")).toContain('names the key "SHORT"');
    await run("remove-signature-key", "shop", first);

    const policies = (verb: string, ...more: readonly string[]) =>
      run("source-integrity", "git", "policies", verb, "shop", ...more);
    expect(await policies("add", "--repo-url", "a,b", "--gpg-mode", "head", "--gpg-key", first)).toBe(
      "policy 0 added to project 'shop'\n",
    );
    await policies("add", "--repo-url", "*", "--gpg-mode", "none");
    expect(await policies("update", "0")).toContain("nothing to change");
    const urls = ["--delete-repo-url", "a", "--add-repo-url", "c"];
    const gpg = ["--gpg-mode", "strict", "--add-gpg-key", second];
    expect(await policies("update", "0", "--yes", ...urls, ...gpg)).toBe(
      "policy 0 of project 'shop' changed\n",
    );
    expect((await policies("list")).split("\n").map((line) => line.trim().split(/ +/u))).toEqual([
      ["ID", "REPO-URLS", "GPG-MODE", "GPG-KEYS"],
      ["0", "b,c", "strict", `${first},${second}`],
      ["1", "*", "none"],
      [""],
    ]);
    expect(await policies("update", "0", "-y", "--gpg-key", "1234")).toContain('names the key "1234"');
    expect(await policies("delete", "7", "-y")).toContain("there is no policy of that ID, there are 0 to 1");
    expect(await policies("delete", "0", "1", "-y")).toBe("policy 0, 1 of project 'shop' deleted\n");
    expect(await spec()).toEqual({ signatureKeys: [], sourceIntegrity: { git: { policies: [] } } });
  });
});
