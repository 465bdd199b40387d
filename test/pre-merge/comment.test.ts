import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createRepository } from "#test/git-servers/index.ts";
import type { ForgeKind } from "#ports/forge.ts";
import type { ForgeServer } from "#test/forge/server/index.ts";
import { startForgeServer } from "#test/forge/server/index.ts";
import { application, configMap, repositoryUrl, startPlainCli } from "./run.ts";

const token = "token-4815";

async function startRun(kind: ForgeKind, { url }: ForgeServer) {
  const cli = await startPlainCli();
  const repository = await createRepository(join(cli.directory, "deploy.git"));
  const base = await repository.commit({
    "app.yaml": application("web", "web"),
    "web/a.yaml": configMap("a", "red"),
  });
  const env = {
    github: {
      GITHUB_API_URL: url,
      GITHUB_TOKEN: token,
      GITHUB_REPOSITORY: "shop/deploy",
      GITHUB_REF: "refs/pull/7/merge",
    },
    gitlab: { CI_API_V4_URL: url, GITLAB_TOKEN: token, CI_PROJECT_ID: "42", CI_MERGE_REQUEST_IID: "7" },
    gitea: {
      GITEA_API_URL: url,
      GITEA_TOKEN: token,
      GITHUB_REPOSITORY: "shop/deploy",
      GITHUB_REF: "refs/pull/7/head",
    },
  }[kind];
  const run = async (color: string, more: Readonly<Record<string, string>> = {}) => {
    await repository.change({ "web/a.yaml": configMap("a", color) });
    const where = ["--repo", repository.directory, "--repo-url", repositoryUrl, "--base", base];
    const result = await cli.runWith(
      { ...env, ...more },
      "preview",
      ...where,
      "--comment",
      kind,
      "--exit-code=false",
    );
    expect(result.out + result.err).not.toContain(token);
    return result;
  };
  return { run };
}

describe.each(["github", "gitlab", "gitea"] as const)("the comment of a preview on %s", (kind) => {
  let forge: ForgeServer;
  let run: Awaited<ReturnType<typeof startRun>>["run"];
  beforeEach(async () => {
    forge = await startForgeServer({ kind, token });
    ({ run } = await startRun(kind, forge));
  });

  it("is one however often it runs, found behind many pages of others", async () => {
    for (let i = 0; i < 250; i += 1)
      forge.model.comments.push({ id: i + 1, body: `comment ${i}`, foreign: true });
    expect(await run("blue")).toMatchObject({ code: 0, err: "comment created\n" });
    expect(await run("green")).toMatchObject({ code: 0, err: "comment updated\n" });
    expect(await run("green")).toMatchObject({ code: 0 });
    const ours = forge.model.comments.filter(({ foreign }) => !foreign).map(({ body }) => body);
    expect(ours).toHaveLength(1);
    expect(ours[0]).toMatch(/^<!-- mooring-preview default -->\n.*\+ {2}color: green/su);
    expect(ours[0]).not.toContain("blue");
    expect(forge.requests.every((request) => !request.includes(token))).toBe(true);
  });

  it("is begun only where something changes, and then says when nothing does any more", async () => {
    expect(await run("red")).toMatchObject({ code: 0, err: "" });
    expect(forge.model.comments).toEqual([]);
    await run("blue");
    await run("red");
    expect(forge.model.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining("0 of 1 applications change"),
    ]);
  });

  it("is not written twice when an answer is lost, and waits where it is told to", async () => {
    forge.faults.push(
      { method: "GET", fault: { status: 429, headers: { "retry-after": "0" } } },
      { method: "POST", fault: { status: 502, afterwards: true, headers: { "retry-after": "0" } } },
    );
    expect(await run("blue")).toMatchObject({ code: 0 });
    expect(forge.model.comments).toHaveLength(1);
  });

  it("leaves what somebody else wrote in its form, and joins what two runs have left", async () => {
    const body = "<!-- mooring-preview default -->\nold";
    forge.model.comments.push(
      { id: 1, body, foreign: true },
      { id: 2, body, foreign: false },
      { id: 3, body, foreign: false },
    );
    expect(await run("blue")).toMatchObject({ code: 0, err: "comment updated\n" });
    expect(forge.model.comments.map(({ id }) => id)).toEqual([1, 2]);
    expect(forge.model.comments[0]?.body).toBe(body);
  });

  it("says what is wrong with the token, the limit and the place, and shows the preview all the same", async () => {
    const wrong = { GITHUB_TOKEN: "other", GITLAB_TOKEN: "other", GITEA_TOKEN: "other" };
    const refused = await run("blue", wrong);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/answered 401 \(Bad credentials\)\n\s+renew (?:GITHUB|GITLAB|GITEA)_TOKEN/u);
    expect(refused.out).toContain("color: blue");
    forge.faults.push({ method: "GET", fault: { status: 429, headers: { "retry-after": "3600" } } });
    expect((await run("blue")).err).toMatch(/answered 429 .*\n\s+try again later/u);
    forge.faults.push({
      method: "GET",
      fault: { status: 302, headers: { location: "https://elsewhere.example.com/" } },
    });
    expect((await run("blue")).err).toContain("answered 302");
    const missing = await run("blue", { GITHUB_TOKEN: "", GITLAB_TOKEN: "", GITEA_TOKEN: "" });
    expect(missing.err).toMatch(/the environment has no GIT(?:HUB|LAB|EA)_TOKEN/u);
    const plain = await run("blue", {
      GITHUB_API_URL: "http://forge.example.com",
      CI_API_V4_URL: "http://forge.example.com",
      GITEA_API_URL: "http://forge.example.com",
    });
    expect(plain.err).toContain("a token is sent by https only");
    expect(forge.model.comments).toEqual([]);
  });
});
