import { mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { callApi, controlPlane } from "#test/control-plane/fixture.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { startCli } from "./run.ts";

const configMap = (name: string, color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n`;

async function directoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-render-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

describe("mooring render", () => {
  it("prints a local directory outside of Git, as documents, as a list and as names", async () => {
    const cli = await startCli("render");
    const directory = await directoryOf({ "web/a.yaml": configMap("a", "red"), "web/deep/s.yaml": secret });
    const plain = await cli.run("render", join(directory, "web"), "--directory-recurse");
    expect(plain).toEqual({
      code: 0,
      out: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  color: red\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2\n",
      err: "",
    });
    const names = await cli.run("render", join(directory, "web"), "-o", "name");
    expect(names).toEqual({ code: 0, out: "configmap/a\n", err: "" });
    const list = await cli.run("render", join(directory, "web"), "-o", "json");
    expect(JSON.parse(list.out)).toMatchObject({ kind: "List", items: [{ metadata: { name: "a" } }] });
  });

  it("says on standard error what was read, in a directory and in a repository", async () => {
    const cli = await startCli("render-trace");
    const directory = await directoryOf({ "web/a.yaml": configMap("a", "red") });
    const traced = await cli.run("render", join(directory, "web"), "-o", "name", "--trace");
    expect(traced.err).toBe(
      `# ${join(directory, "web")}\nlist .\nmissing .argocd-source-web.yaml\nmissing .argocd-source.yaml\nread a.yaml\n`,
    );
    const repository = await createRepository(join(cli.directory, "repository.git"));
    const commit = await repository.commit({ "web/a.yaml": configMap("a", "red") });
    const fromGit = await cli.run(
      "render",
      "--repo",
      repository.url,
      "--path",
      "web",
      "-o",
      "name",
      "--trace",
    );
    expect(fromGit).toMatchObject({ code: 0, out: "configmap/a\n" });
    expect(fromGit.err).toContain(`# ${repository.url} at ${commit}\n`);
    expect(fromGit.err).toContain("\nread web/a.yaml\n");
  });

  it("refuses a symbolic link that leads out of the directory", async () => {
    const cli = await startCli("render-link");
    const outside = await directoryOf({ "secret.yaml": secret });
    const directory = await directoryOf({ "a.yaml": configMap("a", "red") });
    await symlink(join(outside, "secret.yaml"), join(directory, "link.yaml"));
    const refused = await cli.run("render", directory);
    expect({ code: refused.code, out: refused.out }).toEqual({ code: 20, out: "" });
    expect(refused.err).toMatch(/link\.yaml.*leads out/su);
    expect(refused.err).not.toContain("hunter2");
  });

  it("shows what changed between two commits, and never a secret", async () => {
    const cli = await startCli("render-diff");
    const repository = await createRepository(join(cli.directory, "repository.git"));
    const old = await repository.commit({ "a.yaml": configMap("a", "red"), "s.yaml": secret });
    await repository.commit({
      "a.yaml": configMap("a", "blue"),
      "s.yaml": secret.replace("hunter2", "hunter3"),
    });
    const git = ["render", "--repo", repository.url, "--revision", "main"];
    const changed = await cli.run(...git, "--diff", old, "--exit-code");
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(
      /===== \/ConfigMap a ======.*-  color: red\n\+  color: blue\n.*===== \/Secret s ======/su,
    );
    expect(changed.out).not.toContain("hunter");
    expect(await cli.run(...git, "--diff", "main", "--exit-code")).toEqual({ code: 0, out: "", err: "" });
  });

  it("renders an application by its name, with its secrets hidden", async () => {
    const cli = await startCli("render-app");
    const repository = await createRepository(join(cli.directory, "repository.git"));
    const old = await repository.commit({ "web/a.yaml": configMap("a", "red"), "web/s.yaml": secret });
    await repository.commit({ "web/a.yaml": configMap("a", "blue"), "web/s.yaml": secret });
    const source = ["--repo", repository.url, "--path", "web", "--revision", "main"];
    const place = ["--dest-name", "in-cluster", "--dest-namespace", cli.namespace];
    expect(await cli.run("app", "create", "shop", ...source, ...place)).toMatchObject({ code: 0, err: "" });
    const rendered = await cli.run("render", "shop");
    expect(rendered).toMatchObject({ code: 0, err: "" });
    expect(rendered.out).toMatch(/color: blue/u);
    expect(rendered.out).not.toContain("hunter2");
    expect((await cli.run("render", "shop", "--diff", old)).out).toMatch(/-  color: red\n\+  color: blue/u);
  });

  it("shows no value that is encrypted in Git, of whatever kind its object is", async () => {
    const cli = await startCli("render-sops");
    const testdata = "src/core/sops/testdata";
    await callApi(controlPlane(), {
      method: "POST",
      path: `/api/v1/namespaces/${cli.namespace}/secrets`,
      body: {
        metadata: { name: "keys", labels: { "mooring.dev/secret-type": "sops-keys" } },
        stringData: { "one.agekey": await readFile(`${testdata}/keys/one.agekey`, "utf8") },
      },
    });
    const repository = await createRepository(join(cli.directory, "repository.git"));
    const before = await repository.commit({ "a.yaml": configMap("a", "red") });
    await repository.commit({
      "a.yaml": configMap("a", "red"),
      "shop.yaml": await readFile(`${testdata}/encrypted/encrypted-comment-regex.yaml`, "utf8"),
    });
    const source = ["--repo", repository.url, "--path", ".", "--revision", "main"];
    const place = ["--dest-name", "in-cluster", "--dest-namespace", cli.namespace];
    expect(await cli.run("app", "create", "shop", ...source, ...place)).toMatchObject({ code: 0, err: "" });
    for (const args of [
      ["render", "shop"],
      ["render", "shop", "--output", "json"],
      ["render", "shop", "--diff", before],
      ["app", "manifests", "shop"],
      ["app", "diff", "shop"],
    ]) {
      const { out, err } = await cli.run(...args);
      expect([args, err]).toEqual([args, ""]);
      expect(out).toMatch(/open"?: "?value/u);
      expect(out).toMatch(/token"?: \S*<secret [0-9a-f]{8}>/u);
      expect(out).not.toContain("hidden");
    }
  });

  it("says what it needs", async () => {
    const cli = await startCli("render-usage");
    const messages = [
      await cli.run("render"),
      await cli.run("render", "./nowhere"),
      await cli.run("render", "shop", "--repo", "https://git.example.com/a.git"),
      await cli.run("render", await directoryOf({ "a.yaml": configMap("a", "red") }), "--diff", "main"),
    ].map(({ code, err }) =>
      `${code} ${err.split("\n", 1)[0] ?? ""}`.replace(/\/\S*mooring-render-\w+/u, "<dir>"),
    );
    expect(messages).toEqual([
      "20 mooring: render needs PATH, APPNAME or --repo",
      "20 mooring: render: there is no directory ./nowhere",
      "20 mooring: render: give --repo, or PATH, or APPNAME",
      "20 mooring: flag --diff: <dir> is in no Git repository, so there is no main to compare with",
    ]);
  });
});

describe("sources by command line", () => {
  it("are added, changed and removed one by one", async () => {
    const cli = await startCli("sources");
    const repository = await createRepository(join(cli.directory, "repository.git"));
    await repository.commit({ "web/a.yaml": configMap("a", "red"), "db/b.yaml": configMap("b", "red") });
    await writeFile(
      join(cli.directory, "app.yaml"),
      JSON.stringify({
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Application",
        metadata: { name: "shop" },
        spec: {
          project: "default",
          destination: { name: "in-cluster", namespace: cli.namespace },
          sources: [{ repoURL: repository.url, path: "web", targetRevision: "main" }],
        },
      }),
    );
    const ok = { code: 0, err: "" };
    expect(await cli.run("app", "create", "-f", join(cli.directory, "app.yaml"))).toMatchObject(ok);
    const add = ["app", "add-source", "shop", "--repo", repository.url, "--revision", "main"];
    expect(await cli.run(...add, "--path", "nowhere")).toMatchObject({ code: 20 });
    expect(await cli.run(...add, "--path", "db", "--source-name", "db")).toMatchObject(ok);
    expect((await cli.run("render", "shop", "-o", "name")).out).toBe("configmap/a\nconfigmap/b\n");
    const set = await cli.run("app", "set", "shop", "--source-name", "db", "--directory-exclude", "b.yaml");
    expect(set).toMatchObject({ ...ok, out: "application 'shop' updated (spec.sources)\n" });
    expect((await cli.run("render", "shop", "-o", "name")).out).toBe("configmap/a\n");
    expect(await cli.run("app", "unset", "shop", "--directory", "--source-position", "2")).toMatchObject(ok);
    expect((await cli.run("render", "shop", "-o", "name")).out).toBe("configmap/a\nconfigmap/b\n");
    expect(await cli.run("app", "remove-source", "shop", "--source-position", "1")).toMatchObject(ok);
    expect((await cli.run("render", "shop", "-o", "name")).out).toBe("configmap/b\n");
    expect(await cli.run("app", "remove-source", "shop", "--source-position", "1")).toMatchObject({
      code: 20,
    });
  });
});
