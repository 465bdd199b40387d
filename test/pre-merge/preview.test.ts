import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { createRepository } from "#test/git-servers/index.ts";
import { application, configMap, repositoryUrl, startPlainCli } from "./run.ts";

const exec = promisify(execFile);

async function startPreview() {
  const cli = await startPlainCli();
  const repository = await createRepository(join(cli.directory, "deploy.git"));
  const preview = (...argv: readonly string[]) =>
    cli.run("preview", "--repo", repository.directory, "--repo-url", repositoryUrl, ...argv);
  return { cli, repository, preview };
}

const secret = (password: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: ${password}}\n`;

describe("mooring preview", () => {
  it("shows new, deleted and changed applications and their objects, and leaves others alone", async () => {
    const { cli, repository, preview } = await startPreview();
    const base = await repository.commit({
      "apps/web.yaml": application("web", "web"),
      "apps/old.yaml": application("old", "old"),
      "apps/rest.yaml": application("rest", "rest"),
      "web/a.yaml": configMap("a", "red"),
      "web/gone.yaml": configMap("gone", "red"),
      "old/a.yaml": configMap("o", "red"),
      "rest/a.yaml": configMap("r", "red"),
    });
    await repository.change({
      "apps/old.yaml": null,
      "apps/new.yaml": `${application("new", "new")}---\n${configMap("beside", "grey")}`,
      "web/a.yaml": configMap("a", "blue"),
      "web/gone.yaml": null,
      "new/a.yaml": configMap("fresh", "green"),
    });
    const { code, out, err } = await preview("--base", base);
    expect(out).toMatchInlineSnapshot(`
      "# argocd/new (apps/new.yaml:1): added, objects: 1 added, 0 changed, 0 removed
      ===== /ConfigMap fresh ====== added
      @@ -0,0 +1,6 @@ apiVersion
      +apiVersion: v1
      +kind: ConfigMap
      +metadata:
      +  name: fresh
      +data:
      +  color: green

      # argocd/old (apps/old.yaml:1): removed, objects: 0 added, 0 changed, 1 removed
      ===== /ConfigMap o ====== removed
      @@ -1,6 +0,0 @@ apiVersion
      -apiVersion: v1
      -kind: ConfigMap
      -metadata:
      -  name: o
      -data:
      -  color: red

      # argocd/web (apps/web.yaml:1): changed, objects: 0 added, 1 changed, 1 removed
      ===== /ConfigMap a ====== changed
      @@ -3,4 +3,4 @@ data.color
       metadata:
         name: a
       data:
      -  color: red
      +  color: blue
      ===== /ConfigMap gone ====== removed
      @@ -1,6 +0,0 @@ apiVersion
      -apiVersion: v1
      -kind: ConfigMap
      -metadata:
      -  name: gone
      -data:
      -  color: red

      3 of 3 applications change
      "
    `);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(cli.rendered.toSorted()).toEqual(["new", "old", "web", "web"]);
    expect(await preview("--base", "main")).toMatchObject({ code: 0, out: "0 of 3 applications change\n" });
    expect(await preview("--base", base, "--exit-code=false")).toMatchObject({ code: 0 });
  });

  it("renders one of two thousand applications when one changes", async () => {
    const { cli, repository, preview } = await startPreview();
    const files = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, i) => [
        [`apps/${i}.yaml`, application(`web-${i}`, `web/${i}`)],
        [`web/${i}/a.yaml`, configMap("a", "red")],
      ]).flat(),
    );
    const base = await repository.commit(files);
    await repository.change({ "web/7/a.yaml": configMap("a", "blue"), "readme.md": "hello" });
    const { code, out } = await preview("--base", base);
    expect({ code, rendered: cli.rendered }).toEqual({ code: 1, rendered: ["web/7", "web/7"] });
    expect(out).toContain("1 of 2000 applications change");
  });

  it("sees what an application reads outside of its directory: a base, values, a library, a link", async () => {
    const { cli, repository, preview } = await startPreview();
    const values = "    helm: {valueFiles: [/values/shared.yaml]}\n";
    const base = await repository.commit({
      "apps/overlay.yaml": application("overlay", "overlays/prod"),
      "apps/chart.yaml": application("chart", "chart", values),
      "apps/space.yaml": application("space", "overlays/space"),
      "overlays/space/kustomization.yaml": 'resources: ["../../my base/deep"]\n',
      "my base/deep/kustomization.yaml": "resources: [a.yaml]\n",
      "my base/deep/a.yaml": configMap("space", "red"),
      "apps/via.yaml": application("via", "overlays/via"),
      "overlays/via/kustomization.yaml": "resources: [../../alias/deep]\n",
      alias: "symlink:aliased",
      "aliased/deep/kustomization.yaml": "resources: [a.yaml]\n",
      "aliased/deep/a.yaml": configMap("via", "red"),
      "apps/parts.yaml": application("parts", "overlays/apart", "    kustomize: {components: [../shared]}\n"),
      "overlays/shared/kustomization.yaml":
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [s.yaml]\n",
      "overlays/shared/s.yaml": configMap("shared", "red"),
      "apps/linked.yaml": application("linked", "linked"),
      "apps/apart.yaml": application("apart", "overlays/apart"),
      "overlays/prod/kustomization.yaml": "resources: [../../base]\n",
      "overlays/apart/kustomization.yaml": "resources: [a.yaml]\n",
      "overlays/apart/a.yaml": configMap("apart", "red"),
      "base/kustomization.yaml": "resources:\n- ../parts\n",
      "parts/kustomization.yaml": "resources: [a.yaml]\n",
      "parts/a.yaml": configMap("part", "red"),
      "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
      "chart/templates/a.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {color: {{ .Values.color }}}\n",
      "values/shared.yaml": "color: red\n",
      linked: "symlink:real",
      "real/a.yaml": configMap("real", "red"),
    });
    const rendersOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const before = cli.rendered.length;
      await repository.branch("main", base);
      await repository.change(files);
      const { code, err } = await preview("--base", base);
      expect({ code, err }).toEqual({ code: 1, err: "" });
      return cli.rendered.slice(before);
    };
    expect(await rendersOf({ "parts/a.yaml": configMap("part", "blue") })).toEqual([
      "overlays/prod",
      "overlays/prod",
    ]);
    expect(await rendersOf({ "values/shared.yaml": "color: blue\n" })).toEqual(["chart", "chart"]);
    expect(await rendersOf({ "overlays/shared/s.yaml": configMap("shared", "blue") })).toEqual([
      "overlays/apart",
      "overlays/apart",
    ]);
    expect(await rendersOf({ "my base/deep/a.yaml": configMap("space", "blue") })).toEqual([
      "overlays/space",
      "overlays/space",
    ]);
    expect(await rendersOf({ "aliased/deep/a.yaml": configMap("via", "blue") })).toEqual([
      "overlays/via",
      "overlays/via",
    ]);
    expect(await rendersOf({ "real/a.yaml": configMap("real", "blue") })).toEqual(["linked", "linked"]);
  });

  it("says that a value of a Secret changed and never shows it, in any format", async () => {
    const { cli, repository, preview } = await startPreview();
    const base = await repository.commit({
      "apps/a.yaml": application("web", "web"),
      "web/s.yaml": secret("hunter2"),
    });
    await repository.change({ "web/s.yaml": secret("hunter3") });
    const junit = join(cli.directory, "junit.xml");
    for (const format of ["text", "markdown", "json"]) {
      const { code, out, err } = await preview("--base", base, "-o", format, "--junit", junit);
      expect(code).toBe(1);
      expect(out).toMatch(
        /-.*password: .{1,2}<secret [0-9a-f]{8}>.*\+.*password: .{1,2}<secret [0-9a-f]{8}>/su,
      );
      expect(out + err + (await readFile(junit, "utf8"))).not.toContain("hunter");
    }
  });

  it("tells of one application that it does not render, with file and line, and shows the others", async () => {
    const { cli, repository, preview } = await startPreview();
    const base = await repository.commit({
      "apps.yaml": `${application("good", "good")}---\n${application("bad", "bad")}`,
      "good/a.yaml": configMap("a", "red"),
      "bad/a.yaml": configMap("a", "red"),
    });
    await repository.change({
      "good/a.yaml": configMap("a", "blue"),
      "bad/a.yaml": `${configMap("a", "blue")}data: {}\n`,
    });
    const junit = join(cli.directory, "junit.xml");
    const { code, out } = await preview("--base", base, "--exit-code=false", "--junit", junit);
    expect(code).toBe(2);
    expect(out).toMatch(/# argocd\/bad \(apps\.yaml:11\): failed\n.*bad\/a\.yaml:5.*# argocd\/good/su);
    expect(out).toContain("1 of 2 applications change, 1 cannot be rendered");
    expect(await readFile(junit, "utf8")).toMatch(
      /tests="2" failures="1".*name="argocd\/bad" file="apps\.yaml" line="11"><failure/su,
    );
  });

  it("names a declaration that is wrong by file and line", async () => {
    const { repository, preview } = await startPreview();
    const base = await repository.commit({
      "apps/web.yaml": application("web", "web"),
      "web/a.yaml": configMap("a", "red"),
    });
    await repository.change({ "apps/web.yaml": application("web", "{}") });
    const { code, out } = await preview("--base", base);
    expect(code).toBe(2);
    expect(out).toMatch(/argocd\/web \(apps\/web\.yaml:1\): failed\napps\/web\.yaml:1: .*path/su);
  });

  it("tells applications of one name in several files apart", async () => {
    const { repository, preview } = await startPreview();
    const base = await repository.commit({
      "dev/app.yaml": application("web", "dev/web"),
      "prod/app.yaml": `apiVersion: v1\nkind: List\nitems:\n- ${application("web", "prod/web").replaceAll("\n", "\n  ").trimEnd()}\n`,
      "dev/web/a.yaml": configMap("a", "red"),
      "prod/web/a.yaml": configMap("a", "red"),
    });
    await repository.change({ "prod/web/a.yaml": configMap("a", "blue") });
    const { code, out } = await preview("--base", base);
    expect(code).toBe(1);
    expect(out).toContain("# argocd/web (prod/app.yaml) (prod/app.yaml:1): changed");
    expect(out).toContain("1 of 2 applications change");
  });

  it("says of encrypted files that it has no keys for them, and shows nothing of them", async () => {
    const { repository, preview } = await startPreview();
    const encrypted = await readFile("src/core/sops/testdata/encrypted/encrypted-comment-regex.yaml", "utf8");
    const base = await repository.commit({
      "apps/a.yaml": application("web", "web"),
      "web/a.yaml": configMap("a", "red"),
    });
    await repository.change({ "web/s.yaml": encrypted });
    const { code, out } = await preview("--base", base);
    expect(code).toBe(2);
    expect(out).toMatch(/argocd\/web .*failed\nweb\/s\.yaml/u);
    expect(out).not.toContain("ENC[");
  });

  it("leaves a declaration that was wrong before to a note, and follows an application to another repository", async () => {
    const { repository, preview } = await startPreview();
    const base = await repository.commit({
      "apps/broken.yaml": application("broken", "{}"),
      "apps/set.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\n",
      "apps/web.yaml": application("web", "web"),
      "web/a.yaml": configMap("a", "red"),
    });
    await repository.change({
      "apps/broken.yaml": `# moved\n${application("broken", "{}")}`,
      "apps/web.yaml": application("web", "web").replace(repositoryUrl, "https://git.invalid/shop/other.git"),
    });
    const { code, out, err } = await preview("--base", base);
    expect(code).toBe(2);
    expect(out).toMatch(/^# argocd\/web \(apps\/web\.yaml:1\): failed\nrepository https:\/\/git\.invalid/u);
    expect(out).not.toContain("removed");
    expect(err).toMatch(/apps\/broken\.yaml:2: .*\(it was so before\)/u);
    expect(err).toContain("what 1 ApplicationSets make is not looked at");
  });

  it("names a base that does not exist and what to do", async () => {
    const { repository, preview } = await startPreview();
    await repository.commit({ "a.yaml": configMap("a", "red") });
    const { code, out, err } = await preview("--base", "origin/nowhere");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/flag --base: origin\/nowhere is no commit of .*\n\s+fetch it/u);
    expect((await preview("--base", "--output=/tmp/x")).code).toBe(2);
  });

  it("asks for the URL of a repository that has no remotes, and takes directories from it without", async () => {
    const { cli, repository } = await startPreview();
    const base = await repository.commit({
      "apps/a.yaml": application("web", "web"),
      "web/a.yaml": configMap("a", "red"),
    });
    await repository.change({ "web/a.yaml": configMap("a", "blue"), "more/a.yaml": configMap("b", "blue") });
    const plain = ["preview", "--repo", repository.directory, "--base", base];
    const asked = await cli.run(...plain);
    expect(asked.code).toBe(2);
    expect(asked.err).toMatch(/has no remotes.*give --repo-url URL/su);
    const paths = await cli.run(...plain, "web", "./more/");
    expect(paths).toMatchObject({ code: 1, err: "" });
    expect(paths.out).toContain("# web: changed, objects: 0 added, 1 changed, 0 removed");
    expect(paths.out).toContain("# more: added, objects: 1 added, 0 changed, 0 removed");
    expect((await cli.run(...plain, "nowhere")).err).toContain("neither at base nor at head");
  });

  it("knows its repository by a remote that is written another way, in a shallow clone, and compares what the branch did", async () => {
    const { cli, repository } = await startPreview();
    const files = { "apps/a.yaml": application("web", "web"), "web/a.yaml": configMap("a", "red") };
    const start = await repository.commit(files);
    await repository.branch("topic", start);
    await repository.change({ "web/a.yaml": configMap("a", "blue") }, { branch: "topic" });
    await repository.change({ "web/main.yaml": configMap("later", "red") });
    const clone = join(cli.directory, "clone");
    await exec("git", ["clone", "-q", "-b", "topic", pathToFileURL(repository.directory).href, clone]);
    await exec("git", [
      "-C",
      clone,
      "remote",
      "add",
      "forge",
      "https://robot:token-123@GIT.example.com/shop/deploy",
    ]);
    const whole = await cli.run("preview", "--repo", join(clone, "web"), "--base", "origin/main");
    expect(whole).toMatchObject({ code: 1, err: "" });
    expect(whole.out).toContain("objects: 0 added, 1 changed, 0 removed");
    const shallow = join(cli.directory, "shallow");
    await exec("git", [
      "clone",
      "-q",
      "--depth=1",
      "--no-single-branch",
      "-b",
      "topic",
      pathToFileURL(repository.directory).href,
      shallow,
    ]);
    const cut = await cli.run(
      "preview",
      "--repo",
      shallow,
      "--base",
      "origin/main",
      "--repo-url",
      repositoryUrl,
    );
    expect(cut.code).toBe(1);
    expect(cut.out).toContain("objects: 0 added, 1 changed, 1 removed");
    expect(cut.err).toContain("fetch more history");
    expect(whole.out + whole.err + cut.out + cut.err).not.toContain("token-123");
  });

  it("leaves applications that follow another revision alone, and compares the revisions of one that moves", async () => {
    const { cli, repository, preview } = await startPreview();
    const old = await repository.commit({ "web/a.yaml": configMap("a", "red") });
    await repository.tag("v1", old);
    const app = (revision: string) => application("web", "web", `    targetRevision: ${revision}\n`);
    const base = await repository.change({
      "web/a.yaml": configMap("a", "blue"),
      "apps/web.yaml": app("v1"),
    });
    await repository.tag("v2", base);
    await repository.change({ "web/a.yaml": configMap("a", "green") });
    const untouched = await preview("--base", base);
    expect(untouched).toMatchObject({ code: 0, out: "0 of 1 applications change\n" });
    expect(untouched.err).toContain("1 applications follow other revisions");
    await repository.change({ "apps/web.yaml": app("v2") });
    const moved = await preview("--base", base);
    expect(moved.code).toBe(1);
    expect(moved.out).toMatch(/-  color: red\n\+  color: blue/u);
    expect(cli.rendered).toEqual(["web", "web"]);
  });

  it("refuses what leads out of the repository: links, and other repositories on this machine", async () => {
    const { repository, preview } = await startPreview();
    const base = await repository.commit({ "readme.md": "x" });
    await repository.change({
      "apps/a.yaml": application("link", "web"),
      "apps/b.yaml": application("other", "web")
        .replace(repositoryUrl, "file:///etc")
        .replace("  source:", `  sources:\n  - {repoURL: ${repositoryUrl}, path: good}\n  - `)
        .replace("\n    repoURL", "repoURL"),
      "good/a.yaml": configMap("a", "red"),
      "web/passwd.yaml": "symlink:../../../../../../etc/passwd",
    });
    const { code, out } = await preview("--base", base);
    expect(code).toBe(2);
    expect(out).toMatch(/argocd\/link .*failed\n.*leads out/u);
    expect(out).toMatch(/argocd\/other .*failed\n.*another repository on this machine/u);
    expect(out).not.toContain("root:");
  });

  it("bounds what a file that explodes may cost, and says which it is", async () => {
    const { repository, preview } = await startPreview();
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d", "e", "f", "g", "h", "i", "j"]
      .map(
        (name, i) =>
          `${name}: &${name} [${Array.from({ length: 12 }, () => `*${"abcdefghi"[i]}`).join(", ")}]\n`,
      )
      .join("")}`;
    const base = await repository.commit({
      "apps/web.yaml": application("web", "web"),
      "web/a.yaml": configMap("a", "red"),
    });
    await repository.change({
      "apps/bomb.yaml": `${application("bomb", "web")}${bomb}`,
      "apps/deep.yaml": `kind: Application\n# argoproj.io/\na: ${"[".repeat(50_000)}`,
      "web/a.yaml": configMap("a", "blue"),
    });
    const { code, out, err } = await preview("--base", base);
    expect({ code, changed: out.includes("1 of 1 applications change") }).toEqual({ code: 1, changed: true });
    expect(err).toMatch(/apps\/bomb\.yaml:1: aliases that refer to too much/u);
    expect(err).toMatch(/apps\/deep\.yaml:\d+: /u);
  });
});
