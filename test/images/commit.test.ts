import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRepository } from "#test/git-servers/index.ts";
import { startForgeServer } from "#test/forge/server/index.ts";
import { directoryOf, startMooring } from "./bed.ts";

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

describe("mooring image set --propose", () => {
  const values = "image: {repository: ghcr.io/acme/web, tag: v1}\n";

  it.each(["github", "gitlab", "gitea"] as const)(
    "keeps one pull request of %s for the branch that it pushes",
    async (kind) => {
      const repository = await createRepository(join(await directoryOf({}), "shop.git"));
      await repository.commit({ "web.yaml": values });
      const cli = await startMooring();
      const forge = await startForgeServer({ kind, token: "t0ken", repository });
      const env = {
        github: { GITHUB_API_URL: forge.url, GITHUB_TOKEN: "t0ken", GITHUB_REPOSITORY: "shop/deploy" },
        gitlab: { CI_API_V4_URL: forge.url, GITLAB_TOKEN: "t0ken", CI_PROJECT_ID: "42" },
        gitea: { GITEA_API_URL: forge.url, GITEA_TOKEN: "t0ken", GITHUB_REPOSITORY: "shop/deploy" },
      }[kind];
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
      expect(forge.model.proposals).toMatchObject([
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
      expect(forge.model.proposals).toMatchObject([{ number: 1, title: "Set ghcr.io/acme/web:v3" }]);
      expect(await repository.git("show", "bump/web:web.yaml")).toBe(values.replace("v1", "v3").trim());
      // One that was closed, or never begun, is asked for again by a run that has nothing else to do.
      forge.model.proposals.splice(0);
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
