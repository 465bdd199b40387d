import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCli } from "#test/cli/run.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { startForgeServer } from "../pre-merge/forge-server.ts";
import type { DockerRegistry } from "#test/registry-servers/index.ts";
import { login, startDockerRegistry } from "#test/registry-servers/index.ts";

async function directoryOf(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mooring-images-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

async function startMooring() {
  const directory = await directoryOf({});
  // What neither asks for a cluster needs no kubeconfig.
  return openCli({ namespace: "argocd", directory }, join(directory, "no-kubeconfig"));
}

async function textsOf(directory: string): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const));
  return Object.fromEntries(texts);
}

describe("mooring image set", () => {
  const manifest = "spec:\n  containers:\n  - image: ghcr.io/acme/web:v1 # ours\n";

  it("writes a new tag into every file below a path that names the image, and says where", async () => {
    const directory = await directoryOf({
      "base/web.yaml": manifest,
      "base/other.yaml": "image: ghcr.io/acme/other:v1\n",
      "prod/kustomization.yaml": "images:\n- name: ghcr.io/acme/web\n  newTag: v1\n",
      "chart/values.yaml": "image: {repository: ghcr.io/acme/web, tag: v1}\n",
      "chart/templates/web.yaml": "image: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n  web: [",
      "node_modules/web/a.yaml": manifest,
      "notes.txt": "ghcr.io/acme/web:v1",
    });
    const cli = await startMooring();
    const { code, out, err } = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--in", directory);
    expect({ code, out: out.replaceAll(directory, "DIR"), err: err.replaceAll(directory, "DIR") }).toEqual({
      code: 0,
      out: "DIR/base/web.yaml:3: ghcr.io/acme/web:v1 -> ghcr.io/acme/web:v2\nDIR/chart/values.yaml:1: v1 -> v2\nDIR/prod/kustomization.yaml:3: v1 -> v2\n",
      err: "DIR/chart/templates/web.yaml: left alone: line 1 is no YAML\n",
    });
    expect(await readFile(join(directory, "base/web.yaml"), "utf8")).toBe(manifest.replace("v1", "v2"));
    expect(await readFile(join(directory, "node_modules/web/a.yaml"), "utf8")).toBe(manifest);
    const again = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--in", join(directory, "base"));
    expect(again).toEqual({ code: 0, out: "nothing to change\n", err: "" });
  });

  it("writes nothing on a dry run, and tells programs what it would write", async () => {
    const directory = await directoryOf({ "web.yaml": manifest });
    const cli = await startMooring();
    const file = join(directory, "web.yaml");
    const told = await cli.run(
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "--in",
      file,
      "--dry-run",
      "-o",
      "json",
    );
    expect(JSON.parse(told.out)).toEqual([
      { file, line: 3, before: "ghcr.io/acme/web:v1", after: "ghcr.io/acme/web:v2" },
    ]);
    expect(await readFile(file, "utf8")).toBe(manifest);
  });

  it("fails when no file names one of the images, and leaves the others as they were", async () => {
    const directory = await directoryOf({ "web.yaml": manifest });
    const cli = await startMooring();
    const failed = await cli.run(
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "ghcr.io/acme/wbe:v2",
      "--in",
      directory,
    );
    expect(failed.code).toBe(13);
    expect(failed.err).toContain("image ghcr.io/acme/wbe: no file names it");
    expect(await readFile(join(directory, "web.yaml"), "utf8")).toBe(manifest);
  });

  it("writes no file when one of them has a marker that cannot be read", async () => {
    const marked = (policy: string) => `image: web:v1 # {"$imagepolicy": "${policy}"}\n`;
    const directory = await directoryOf({
      "a.yaml": marked("apps:web"),
      "b.yaml": marked("apps:web:version"),
    });
    const before = await textsOf(directory);
    const cli = await startMooring();
    const failed = await cli.run("image", "set", "--policy", "apps:web=web:v2", "--in", directory);
    expect(failed.code).toBe(20);
    expect(failed.err).toContain(`${join(directory, "b.yaml")} line 1: the marker names the part "version"`);
    expect(await textsOf(directory)).toEqual(before);
  });

  it("keeps who may read a file, and a link stays a link", async () => {
    const directory = await directoryOf({ "real/web.yaml": manifest });
    const file = join(directory, "real/web.yaml");
    await chmod(file, 0o664);
    await symlink(file, join(directory, "link.yaml"));
    const cli = await startMooring();
    const { code } = await cli.run(
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "--in",
      join(directory, "link.yaml"),
    );
    expect(code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o664);
    expect(await readFile(file, "utf8")).toBe(manifest.replace("v1", "v2"));
    expect((await readdir(directory)).toSorted()).toEqual(["link.yaml", "real"]);
    expect(await readdir(join(directory, "real"))).toEqual(["web.yaml"]);
  });

  it("leaves a file alone whose bytes are no UTF-8, named or found", async () => {
    const directory = await directoryOf({});
    const file = join(directory, "web.yaml");
    const bytes = Buffer.from("image: web:v1 # caf\u00E9\n", "latin1");
    await writeFile(file, bytes);
    const cli = await startMooring();
    const named = await cli.run("image", "set", "web:v2", "--in", file);
    expect(named).toMatchObject({
      code: 20,
      err: expect.stringContaining(`${file}: is no text in UTF-8`) as string,
    });
    expect((await cli.run("image", "set", "web:v2", "--in", directory)).code).toBe(13);
    expect(await readFile(file)).toEqual(bytes);
  });

  it("says of a path that leads in a circle that it does, and not that it has a bug", async () => {
    const directory = await directoryOf({});
    const loop = join(directory, "loop");
    await symlink(loop, loop);
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "set", "web:v2", "--in", loop);
    expect({ code, err }).toEqual({
      code: 20,
      err: expect.stringContaining(`path ${loop}: ELOOP`) as string,
    });
    expect(err).not.toContain("bug");
  });

  it("tells programs what was left alone, beside the list", async () => {
    const directory = await directoryOf({ "web.yaml": manifest, "t.yaml": "image: {{ .web }}\n  a: [" });
    const cli = await startMooring();
    const told = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--in", directory, "-o", "json");
    expect(told.err).toContain("t.yaml: left alone");
    expect(JSON.parse(told.out)).toHaveLength(1);
  });

  it.each([
    [["--policy", "a:web=web:v1", "--policy", "a:web=web:v2"], "--policy a:web: is given twice"],
    [[], "image set needs IMAGE or --policy"],
    [["web"], "has neither tag nor digest\n  write web:TAG"],
    [["Web:v1"], '"Web:v1" is no image'],
    [["web:v1", "docker.io/library/web:v2"], "is given twice, as web too"],
    [["web:v1=web:v2"], '"web:v1" is no name of an image'],
    [["--policy", "web:v2"], "write NAMESPACE:NAME=IMAGE"],
    [["web:v1", "--in", "/nowhere/at/all"], "path /nowhere/at/all: is no file or directory"],
  ])("says what is wrong with %j", async (args, problem) => {
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "set", ...args);
    expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining(problem) as string });
  });
});

describe("mooring image latest", () => {
  async function startServer(auth?: "token"): Promise<DockerRegistry> {
    const server = await startDockerRegistry({ directory: await directoryOf({}), ...(auth && { auth }) });
    onTestFinished(async () => await server[Symbol.asyncDispose]());
    return server;
  }

  const layers = [
    { mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("one") },
    { mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("two") },
  ];

  it("prints what a policy chooses of a registry's tags, with the digest of an image of several layers", async () => {
    const server = await startServer();
    const digests = new Map<string, string>();
    for (const tag of ["1.2.0", "1.10.0", "2.0.0", "main-abc-7", "main-def-10"]) {
      digests.set(
        tag,
        await server.push("acme/web", tag, [
          ...layers,
          { mediaType: "text/plain", content: Buffer.from(tag) },
        ]),
      );
    }
    const cli = await startMooring();
    const name = `${server.host}/acme/web`;
    const latest = async (...flags: readonly string[]) =>
      await cli.run("image", "latest", name, "--insecure-oci-force-http", ...flags);
    expect(await latest()).toEqual({ code: 0, out: `${name}:2.0.0\n`, err: "" });
    expect((await latest("--semver", "1.x", "--digest")).out).toBe(
      `${name}:1.10.0@${digests.get("1.10.0")}\n`,
    );
    const built = [
      "--filter-tags",
      "^main-[a-f0-9]+-(?P<n>[0-9]+)$",
      "--extract",
      "$n",
      "--numerical",
      "asc",
    ];
    expect((await latest(...built, "-o", "tag")).out).toBe("main-def-10\n");
    const none = await latest("--semver", "9.x");
    expect(none).toMatchObject({
      code: 20,
      err: expect.stringContaining("none of its 5 tags is wanted") as string,
    });
  });

  it("logs in with what the environment says, and never tells the password", async () => {
    const server = await startServer("token");
    await server.push("private/web", "1.0.0", layers);
    const cli = await startMooring();
    const argv = ["image", "latest", `${server.host}/private/web`, "--insecure-oci-force-http"];
    const env = { MOORING_REGISTRY_USERNAME: login.username, MOORING_REGISTRY_PASSWORD: login.password };
    expect((await cli.runWith({ env }, ...argv)).out).toBe(`${server.host}/private/web:1.0.0\n`);
    const refused = await cli.runWith({ env: { ...env, MOORING_REGISTRY_PASSWORD: "wr0ng-pass" } }, ...argv);
    expect(refused.code).toBe(20);
    expect(refused.err).not.toContain("wr0ng-pass");
    expect((await cli.run(...argv)).code).toBe(20);
  });

  it.each([
    [["web:v1"], "is no name of an image without tag and digest"],
    [["web", "--semver", "1.x", "--numerical", "asc"], "only one order can decide"],
  ])("says what is wrong with %j", async (args, problem) => {
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "latest", ...args);
    expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining(problem) as string });
  });
});

describe("mooring image set --repo", () => {
  async function setUp(files: Readonly<Record<string, string>>) {
    const directory = await directoryOf({});
    const repository = await createRepository(join(directory, "shop.git"));
    await repository.commit(files);
    return { repository, cli: await startMooring() };
  }
  const values = "image: {repository: ghcr.io/acme/web, tag: v1}\n";

  it("writes one commit for all the images and places below a path, and nothing the next time", async () => {
    const { repository, cli } = await setUp({
      "dev/web.yaml": values,
      "dev/api.yaml": "image: ghcr.io/acme/api:v1\n",
      "prod/web.yaml": values,
    });
    const images = ["ghcr.io/acme/web:v2", "ghcr.io/acme/api:v3"];
    const argv = [
      "image",
      "set",
      ...images,
      "--repo",
      repository.url,
      "--in",
      "dev",
      "--author",
      "CI <ci@example.com>",
    ];
    const { code, out, err } = await cli.run(...argv);
    const commit = await repository.git("rev-parse", "main");
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `dev/api.yaml:1: ghcr.io/acme/api:v1 -> ghcr.io/acme/api:v3\ndev/web.yaml:1: v1 -> v2\ncommitted ${commit}\n`,
      err: "",
    });
    expect(await repository.git("log", "-1", "--format=%an <%ae>%n%B", "main")).toBe(
      "CI <ci@example.com>\nSet 2 images\n\nghcr.io/acme/web:v2\nghcr.io/acme/api:v3\n\ndev/api.yaml:1: ghcr.io/acme/api:v1 -> ghcr.io/acme/api:v3\ndev/web.yaml:1: v1 -> v2",
    );
    expect(await repository.git("show", "main:prod/web.yaml")).toBe(values.trim());
    expect(await cli.run(...argv)).toEqual({ code: 0, out: "nothing to change\n", err: "" });
    expect(await repository.git("rev-parse", "main")).toBe(commit);
  });

  it("writes nothing on a dry run, and to another branch where one is named", async () => {
    const { repository, cli } = await setUp({ "web.yaml": values });
    const first = await repository.git("rev-parse", "main");
    const argv = ["image", "set", "ghcr.io/acme/web:v2", "--repo", repository.url];
    expect((await cli.run(...argv, "--dry-run")).out).toBe("web.yaml:1: v1 -> v2\n");
    expect(await repository.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
    const { code, out } = await cli.run(...argv, "--push-branch", "bump/web", "-m", "Bump web", "-o", "json");
    const commit = await repository.git("rev-parse", "bump/web");
    expect({ code, told: JSON.parse(out) }).toEqual({
      code: 0,
      told: [{ file: "web.yaml", line: 1, before: "v1", after: "v2", commit }],
    });
    expect(await repository.git("log", "-1", "--format=%B", "bump/web")).toBe("Bump web");
    expect((await cli.run(...argv, "--push-branch", "bump/web", "-m", "Bump web")).out).toBe(
      "nothing to change\n",
    );
    expect(await repository.git("rev-parse", "bump/web")).toBe(commit);
    expect(await repository.git("rev-parse", "main")).toBe(first);
  });

  it.each([
    [["--branch", "nope"], 20, "has no branch nope"],
    [["--in", "nowhere"], 13, "path nowhere: is not in the repository"],
    [["--message", " "], 20, "message: says nothing"],
    [["--author", "CI"], 20, "write NAME <EMAIL>"],
    [["--username", "ci"], 20, "MOORING_REPO_PASSWORD"],
  ])("says what is wrong with %j, and changes nothing", async (args, code, problem) => {
    const { repository, cli } = await setUp({ "web.yaml": values });
    const first = await repository.git("rev-parse", "main");
    const failed = await cli.run("image", "set", "ghcr.io/acme/web:v2", "--repo", repository.url, ...args);
    expect(failed).toMatchObject({ code, err: expect.stringContaining(problem) as string });
    expect(await repository.git("rev-parse", "main")).toBe(first);
  });

  it("writes a commit for places whose list is longer than a message may be", async () => {
    const pinned = (tag: string, letter: string) =>
      `${"ghcr.io/acme/web"}:${tag}@sha256:${letter.repeat(64)}`;
    const text = `image: ${pinned("v1", "a")}\n`;
    const { repository, cli } = await setUp(
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${"deep/".repeat(40)}${i}/web.yaml`, text])),
    );
    const { code, err } = await cli.run("image", "set", pinned("v2", "b"), "--repo", repository.url);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect((await repository.git("log", "-1", "--format=%B", "main")).length).toBeLessThan(20_000);
  });

  it("is asked for by its flags", async () => {
    const cli = await startMooring();
    const { code, err } = await cli.run("image", "set", "web:v1", "--branch", "main");
    expect({ code, err }).toEqual({
      code: 20,
      err: expect.stringContaining("flag --branch: it goes with --repo") as string,
    });
  });
});

describe("mooring image update", () => {
  const layers = [{ mediaType: "application/vnd.oci.image.layer.v1.tar", content: Buffer.from("one") }];

  async function startServer(auth?: "token"): Promise<DockerRegistry> {
    const server = await startDockerRegistry({ directory: await directoryOf({}), ...(auth && { auth }) });
    onTestFinished(async () => await server[Symbol.asyncDispose]());
    return server;
  }

  async function setUp(files: Readonly<Record<string, string>>) {
    const directory = await directoryOf({});
    const repository = await createRepository(join(directory, "shop.git"));
    await repository.commit(files);
    return { directory, repository, cli: await startMooring() };
  }

  function automationOf(repoURL: string, images: readonly object[]): string {
    const spec = { git: { repoURL, paths: ["apps"] }, images };
    return JSON.stringify({
      apiVersion: "mooring.dev/v1alpha1",
      kind: "ImageAutomation",
      metadata: { name: "shop" },
      spec,
    });
  }

  it("writes ninety new images of ninety applications as one commit", async () => {
    const server = await startServer();
    const names = Array.from({ length: 90 }, (_, i) => `${server.host}/acme/app-${i}`);
    for (const name of names) {
      for (const tag of ["1.0.0", "1.1.0"])
        await server.push(name.slice(server.host.length + 1), tag, layers);
    }
    const kustomization = (name: string) => `images:\n- name: ${name}\n  newTag: 1.0.0\n`;
    const { repository, cli } = await setUp(
      Object.fromEntries(names.map((name, i) => [`apps/app-${i}/kustomization.yaml`, kustomization(name)])),
    );
    const file = automationOf(
      repository.url,
      names.map((image) => ({ image, semver: "1.x" })),
    );
    const argv = ["image", "update", "-f", "-", "--insecure-oci-force-http"];
    const { code, out, err } = await cli.runWith({ input: file }, ...argv);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.split("\n").filter((line) => line.endsWith("1.0.0 -> 1.1.0"))).toHaveLength(90);
    expect(await repository.git("rev-list", "--count", "main")).toBe("2");
    const standing = await cli.runWith({ input: file }, ...argv);
    expect(standing).toEqual({ code: 0, out: "nothing to change\n", err: "" });
    expect(await repository.git("rev-list", "--count", "main")).toBe("2");
  });

  it("writes the others when one image cannot be found out about, and ends with what is wrong", async () => {
    const server = await startServer("token");
    await server.push("public/web", "1.1.0", layers);
    await server.push("private/api", "1.1.0", layers);
    const web = `${server.host}/public/web`;
    const api = `${server.host}/private/api`;
    const { directory, repository, cli } = await setUp({
      "apps/web.yaml": `image: ${web}:1.0.0 # {"$imagepolicy": "apps:web"}\n`,
      "apps/api.yaml": `image: ${api}:1.0.0\n`,
    });
    const images = [
      { image: web, policy: "apps:web" },
      { image: api },
      { image: `${server.host}/public/none` },
    ];
    const file = join(directory, "images.json");
    await writeFile(file, automationOf(repository.url, images));
    const argv = ["image", "update", "-f", file, "--insecure-oci-force-http"];
    const first = await cli.run(...argv);
    expect(first.code).toBe(20);
    expect(first.out).toContain("apps/web.yaml:1:");
    expect(first.err).toContain(`image ${api}: `);
    expect(first.err).toContain(`image ${server.host}/public/none: `);
    // What docker login keeps is given to its host.
    const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    await writeFile(join(directory, "config.json"), JSON.stringify({ auths: { [server.host]: { auth } } }));
    const second = await cli.runWith({ env: { DOCKER_CONFIG: directory } }, ...argv);
    expect(second.out).toContain("apps/api.yaml:1:");
    expect(second.err).not.toContain(`image ${api}`);
    expect(`${first.err}${second.err}`).not.toContain(login.password);
    expect(await repository.git("show", "main:apps/api.yaml")).toBe(`image: ${api}:1.1.0`);
  });

  it("says when no file names an image", async () => {
    const server = await startServer();
    await server.push("acme/web", "1.1.0", layers);
    const { repository, cli } = await setUp({ "apps/other.yaml": "a: 1\n" });
    const input = automationOf(repository.url, [{ image: `${server.host}/acme/web` }]);
    const { code, err } = await cli.runWith(
      { input },
      "image",
      "update",
      "-f",
      "-",
      "--insecure-oci-force-http",
    );
    expect({ code, err }).toEqual({ code: 20, err: expect.stringContaining("no file of") as string });
  });

  it("tells nothing of a file of logins that is no JSON", async () => {
    const { directory, cli } = await setUp({ "apps/a.yaml": "a: 1\n" });
    await writeFile(join(directory, "config.json"), '{"auths": s3cret-pass');
    const input = automationOf("file:///nowhere", [{ image: "web" }]);
    const { code, err } = await cli.runWith(
      { input, env: { DOCKER_CONFIG: directory } },
      "image",
      "update",
      "-f",
      "-",
    );
    expect(code).toBe(20);
    expect(err).toContain("is no JSON");
    expect(err).not.toContain("s3cret");
  });
});

describe("mooring image set --propose", () => {
  const values = "image: {repository: ghcr.io/acme/web, tag: v1}\n";

  it.each(["github", "gitlab"] as const)(
    "keeps one pull request of %s for the branch that it pushes",
    async (kind) => {
      const repository = await createRepository(join(await directoryOf({}), "shop.git"));
      await repository.commit({ "web.yaml": values });
      const cli = await startMooring();
      const forge = await startForgeServer(kind, "t0ken");
      const env =
        kind === "github"
          ? { GITHUB_API_URL: forge.url, GITHUB_TOKEN: "t0ken", GITHUB_REPOSITORY: "shop/deploy" }
          : { CI_API_V4_URL: forge.url, GITLAB_TOKEN: "t0ken", CI_PROJECT_ID: "42" };
      const set = async (tag: string) =>
        await cli.runWith(
          { env },
          "image",
          "set",
          `ghcr.io/acme/web:${tag}`,
          "--repo",
          repository.url,
          "--push-branch",
          "bump/web",
          "--propose",
          kind,
        );
      forge.faults.push({ method: "POST", fault: { status: 502, afterwards: true } });
      const first = await set("v2");
      expect(first).toMatchObject({
        code: 0,
        out: expect.stringMatching(/\nproposed https:\/\/forge\/1\n$/u) as string,
      });
      expect(forge.proposals).toEqual([
        {
          number: 1,
          from: "bump/web",
          into: "main",
          title: "Set ghcr.io/acme/web:v2",
          body: "web.yaml:1: v1 -> v2",
        },
      ]);
      const second = await set("v3");
      expect(second.code).toBe(0);
      expect(forge.proposals).toMatchObject([{ number: 1, title: "Set ghcr.io/acme/web:v3" }]);
      expect(await repository.git("show", "bump/web:web.yaml")).toBe(values.replace("v1", "v3").trim());
      // One that was closed, or never begun, is asked for again by a run that has nothing else to do.
      forge.proposals.splice(0);
      expect(await set("v3")).toMatchObject({
        code: 0,
        out: "nothing to change\nproposed https://forge/1\n",
      });
      expect(`${first.out}${first.err}${second.out}${second.err}`).not.toContain("t0ken");
    },
  );

  it.each([
    [["--push-branch", "bump/web"], "the environment has no GITHUB_TOKEN"],
    [[], "there is no other branch to be merged"],
  ])("says what is missing with %j before anything is written", async (args, problem) => {
    const repository = await createRepository(join(await directoryOf({}), "shop.git"));
    await repository.commit({ "web.yaml": values });
    const cli = await startMooring();
    const argv = [
      "image",
      "set",
      "ghcr.io/acme/web:v2",
      "--repo",
      repository.url,
      "--propose",
      "github",
      ...args,
    ];
    expect(await cli.run(...argv)).toMatchObject({
      code: 20,
      err: expect.stringContaining(problem) as string,
    });
    expect(await repository.git("for-each-ref", "--format=%(refname)")).toBe("refs/heads/main");
  });
});
