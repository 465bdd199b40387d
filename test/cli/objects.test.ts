import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { createRepository } from "#test/git-servers/index.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import type { TestCli } from "./run.ts";
import { startCli } from "./run.ts";

const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  color: blue\n";
const inCluster = ["--dest-server", "https://kubernetes.default.svc"];

async function startWithRepository(): Promise<{
  readonly cli: TestCli;
  readonly repository: TestRepository;
}> {
  const cli = await startCli("cli");
  const repository = await createRepository(join(cli.directory, "repository.git"));
  await repository.commit({ "web/settings.yaml": configMap });
  return { cli, repository };
}

describe("the command line on a real API server", () => {
  it("creates, shows, lists, changes and deletes an application", async () => {
    const { cli, repository } = await startWithRepository();
    const { namespace } = cli;
    const create = [
      "app",
      "create",
      "web",
      "--repo",
      repository.url,
      "--path",
      "web",
      "--revision",
      "main",
      ...inCluster,
    ];
    expect(await cli.run(...create, "--dest-namespace", namespace, "--label", "team=shop")).toEqual({
      code: 0,
      out: "application 'web' created\n",
      err: "",
    });
    const again = await cli.run(...create, "--dest-namespace", namespace);
    expect(again).toMatchObject({ code: 0, out: "application 'web' unchanged\n" });
    const other = await cli.run(...create, "--dest-namespace", "elsewhere");
    expect(other).toEqual({
      code: 20,
      out: "",
      err: `mooring: Application/${namespace}/web: exists and differs in spec.destination.namespace\n  pass --upsert to change it\n`,
    });
    const upserted = await cli.run(
      ...create,
      "--dest-namespace",
      namespace,
      "--self-heal",
      "--sync-policy",
      "auto",
      "--upsert",
    );
    expect(upserted).toMatchObject({ code: 0, out: "application 'web' updated\n" });
    const set = await cli.run("app", "set", "web", "--sync-policy", "none", "--directory-recurse");
    expect(set.out).toBe("application 'web' updated (spec.syncPolicy, spec.source.directory.recurse)\n");
    expect((await cli.run("app", "list", "-l", "team=shop", "-o", "name")).out).toBe(`${namespace}/web\n`);
    expect(
      (await cli.run("app", "list", "--repo", "https://git.example.com/other.git", "-o", "name")).out,
    ).toBe("");
    const yaml = JSON.parse((await cli.run("app", "get", "web", "-o", "json")).out) as {
      readonly spec: unknown;
    };
    expect(yaml.spec).toEqual({
      project: "default",
      source: { repoURL: repository.url, path: "web", targetRevision: "main", directory: { recurse: true } },
      destination: { server: "https://kubernetes.default.svc", namespace },
    });
    expect(await cli.run("app", "delete", "web", "--cascade=false", "--wait")).toMatchObject({
      code: 0,
      out: "application 'web' deleted\n",
    });
    expect(await cli.run("app", "get", "web")).toMatchObject({ code: 13 });
  });

  it("creates nothing that could not be deployed, and names what is there instead", async () => {
    const { cli, repository } = await startWithRepository();
    const { namespace } = cli;
    const create = (...more: readonly string[]) =>
      cli.run("app", "create", "web", "--repo", repository.url, "--dest-namespace", namespace, ...more);
    const path = await create("--path", "wbe", ...inCluster);
    expect(path.err).toMatch(
      /spec\.source\.path wbe does not exist in file:.* at [0-9a-f]{7}\n {2}the repository has web\n$/,
    );
    const revision = await create("--path", "web", "--revision", "mian", ...inCluster);
    expect(revision.err).toContain('revision "mian"');
    const project = await create("--path", "web", "--project", "shop", ...inCluster);
    expect(project.err).toBe(
      `mooring: Application/${namespace}/web: project "shop" does not exist\n  create the AppProject or correct spec.project\n`,
    );
    const cluster = await create("--path", "web", "--dest-name", "edge");
    expect(cluster.err).toContain("spec.destination.name edge is not a known cluster");
    expect([path.code, revision.code, project.code, cluster.code]).toEqual([20, 20, 20, 20]);
    expect((await cli.run("app", "list", "-o", "name")).out).toBe("");
  });

  it("creates several applications from a file and leaves none when one of them is wrong", async () => {
    const { cli, repository } = await startWithRepository();
    const app = (name: string, path: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ${name}}\nspec:\n  source: {repoURL: "${repository.url}", path: ${path}}\n  destination: {name: in-cluster, namespace: ${cli.namespace}}\n`;
    const wrong = await cli.runWith(
      { input: `${app("a", "web")}---\n${app("b", "nowhere")}` },
      "app",
      "create",
      "-f",
      "-",
    );
    expect({ ...wrong, err: wrong.err.includes("nowhere does not exist") }).toEqual({
      code: 20,
      out: "",
      err: true,
    });
    expect((await cli.run("app", "list", "-o", "name")).out).toBe("");
    const right = await cli.runWith(
      { input: `${app("a", "web")}---\n${app("b", ".")}` },
      "app",
      "create",
      "-f",
      "-",
    );
    expect(right.out).toBe("application 'a' created\napplication 'b' created\n");
  });

  it("starts no operation beside a running one, and takes one back that nobody took up", async () => {
    const { cli, repository } = await startWithRepository();
    await cli.run(
      "app",
      "create",
      "web",
      "--repo",
      repository.url,
      "--path",
      "web",
      ...inCluster,
      "--dest-namespace",
      cli.namespace,
    );
    expect(await cli.run("app", "sync", "web", "--async")).toEqual({ code: 0, out: "", err: "" });
    const second = await cli.run("app", "sync", "web", "--async");
    expect({
      code: second.code,
      busy: second.err.includes("another operation is already in progress"),
    }).toEqual({ code: 20, busy: true });
    const waiting = await cli.run("app", "wait", "web", "--operation", "--timeout", "1");
    expect({ code: waiting.code, err: waiting.err }).toEqual({
      code: 1,
      err: `mooring: Application/${cli.namespace}/web: timed out after 1 s\n  still waiting for its operation to end\n`,
    });
    expect((await cli.run("app", "terminate-op", "web")).code).toBe(0);
    expect((await cli.run("app", "terminate-op", "web")).code).toBe(13);
  });

  it("approves the deletions that an operation waits with, from now on", async () => {
    const { cli, repository } = await startWithRepository();
    const source = [
      "--repo",
      repository.url,
      "--path",
      "web",
      ...inCluster,
      "--dest-namespace",
      cli.namespace,
    ];
    await cli.run("app", "create", "web", ...source);
    const before = Date.now();
    expect(await cli.run("app", "confirm-deletion", "web")).toEqual({
      code: 0,
      out: "Application 'web' updated successfully\n",
      err: "",
    });
    const app = JSON.parse((await cli.run("app", "get", "web", "-o", "json")).out) as {
      metadata: { annotations: Readonly<Record<string, string>> };
    };
    const approved = app.metadata.annotations["argocd.argoproj.io/deletion-approved"] ?? "";
    expect(Date.parse(approved)).toBeGreaterThanOrEqual(before);
    expect((await cli.run("app", "confirm-deletion", "nobody")).code).toBe(13);
  });

  it("shows the difference to Git with secrets hidden, and exits with 1 for it", async () => {
    const { cli, repository } = await startWithRepository();
    const secret =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {token: hunter2-hunter2}\n";
    await repository.change({ "web/secret.yaml": secret });
    await cli.run(
      "app",
      "create",
      "web",
      "--repo",
      repository.url,
      "--path",
      "web",
      ...inCluster,
      "--dest-namespace",
      cli.namespace,
    );
    const diff = await cli.run("app", "diff", "web");
    const text = diff.out.replaceAll(cli.namespace, "NS").replaceAll(/<secret \w+>/g, "<secret>");
    expect({ code: diff.code, err: diff.err }).toEqual({ code: 1, err: "" });
    expect(text).toMatchInlineSnapshot(`
      "===== /ConfigMap NS/settings ======
      @@ -0,0 +1,9 @@ apiVersion
      +apiVersion: v1
      +kind: ConfigMap
      +metadata:
      +  annotations:
      +    argocd.argoproj.io/tracking-id: web:/ConfigMap:NS/settings
      +  name: settings
      +  namespace: NS
      +data:
      +  color: blue

      ===== /Secret NS/key ======
      @@ -0,0 +1,9 @@ apiVersion
      +apiVersion: v1
      +kind: Secret
      +metadata:
      +  annotations:
      +    argocd.argoproj.io/tracking-id: web:/Secret:NS/key
      +  name: key
      +  namespace: NS
      +data:
      +  token: "<secret>"
      "
    `);
    expect((await cli.run("app", "diff", "web", "--exit-code=false")).code).toBe(0);
    const manifests = await cli.run("app", "manifests", "web");
    expect([
      manifests.code,
      manifests.out.includes("color: blue"),
      manifests.out.includes("hunter2"),
    ]).toEqual([0, true, false]);
  });

  it("adds a repository in Argo CD's Secret after asking it, lists and removes it", async () => {
    const { cli, repository } = await startWithRepository();
    const missing = await cli.run("repo", "add", "file:///nowhere/at/all.git");
    expect({ code: missing.code === 0, out: missing.out }).toEqual({ code: false, out: "" });
    const added = await cli.run("repo", "add", repository.url, "--name", "shop");
    expect(added).toEqual({ code: 0, out: `Repository '${repository.url}' added\n`, err: "" });
    const listed = await cli.run("repo", "list");
    expect(listed.out.split("\n")[1]?.split(/ {2,}/)).toEqual([
      "git",
      "shop",
      repository.url,
      "false",
      "false",
      "false",
      "false",
      "Successful",
    ]);
    const credentials = await cli.runWith(
      { input: "s3cret-token\n" },
      "repo",
      "add",
      "https://git.example.com/a.git",
      "--username",
      "ci",
      "--password-stdin",
      "--skip-test",
    );
    expect(credentials).toMatchObject({ code: 0, err: "" });
    const secrets = await callApi(controlPlane(), {
      path: `/api/v1/namespaces/${cli.namespace}/secrets?labelSelector=argocd.argoproj.io/secret-type=repository`,
    });
    const data = (secrets["items"] as { readonly data: Record<string, string> }[]).map((one) =>
      Object.fromEntries(Object.entries(one.data).map(([field, value]) => [field, atob(value)])),
    );
    expect(data.find((one) => one["username"] === "ci")).toEqual({
      url: "https://git.example.com/a.git",
      type: "git",
      username: "ci",
      password: "s3cret-token",
    });
    expect((await cli.run("repo", "rm", repository.url)).out).toBe(
      `Repository '${repository.url}' removed\n`,
    );
    expect((await cli.run("repo", "rm", repository.url)).code).toBe(13);
  });

  it("creates a project, holds applications to it and keeps it while it is used", async () => {
    const { cli, repository } = await startWithRepository();
    const { namespace } = cli;
    const project = ["proj", "create", "shop", "-d", `https://kubernetes.default.svc,${namespace}`];
    expect((await cli.run(...project, "-s", "https://git.example.com/*")).out).toBe(
      "project 'shop' created\n",
    );
    const create = [
      "app",
      "create",
      "web",
      "--repo",
      repository.url,
      "--path",
      "web",
      "--project",
      "shop",
      ...inCluster,
      "--dest-namespace",
      namespace,
    ];
    const refused = await cli.run(...create);
    expect([refused.code, refused.err.includes('is not permitted in project "shop"')]).toEqual([20, true]);
    expect((await cli.run(...project, "-s", "*")).code).toBe(20);
    expect((await cli.run(...project, "-s", "*", "--upsert")).out).toBe("project 'shop' updated\n");
    expect((await cli.run(...create)).out).toBe("application 'web' created\n");
    expect((await cli.run("proj", "delete", "shop")).err).toBe(
      `mooring: AppProject/${namespace}/shop: is used by application web\n  delete them or give them another project first\n`,
    );
    await cli.run("app", "delete", "web", "--cascade=false", "--wait");
    expect((await cli.run("proj", "delete", "shop")).out).toBe("project 'shop' deleted\n");
    expect((await cli.run("proj", "list", "-o", "name")).out).toBe("default\n");
  });

  it("adds a cluster by a service account of its own, reaches it, and removes it", async () => {
    const cli = await startCli("cli");
    const added = await cli.run("cluster", "add", "mooring-test", "--name", "edge", "--yes");
    expect(added).toMatchObject({ code: 0, out: `Cluster '${controlPlane().server}' added\n` });
    const listed = JSON.parse((await cli.run("cluster", "list", "-o", "json")).out) as readonly {
      readonly name: string;
      readonly status: string;
    }[];
    expect(listed.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "in-cluster Successful",
      "edge Successful",
    ]);
    expect((await cli.run("cluster", "add", "mooring-test", "--name", "edge", "--yes")).code).toBe(0);
    expect((await cli.run("cluster", "rm", "edge")).out).toBe(`Cluster '${controlPlane().server}' removed\n`);
    expect((await cli.run("cluster", "rm", "edge")).code).toBe(13);
  });
});
