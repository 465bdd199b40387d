import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { createRepository } from "#test/git-servers/index.ts";
import { startForgeServer } from "#test/forge/server/index.ts";
import { application, configMap, repositoryUrl } from "./run.ts";

type Env = Readonly<Record<string, string>>;

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** A clone as a CI system makes it, and a shell in it that finds `mooring`. */
async function startJob() {
  const directory = await mkdtemp(join(tmpdir(), "mooring-ci-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  const repository = await createRepository(join(directory, "deploy.git"));
  const files = { "apps/a.yaml": application("web", "web"), "web/a.yaml": configMap("a", "red") };
  const base = await repository.commit(files);
  await repository.branch("topic", base);
  await repository.change({ "web/a.yaml": configMap("a", "blue") }, { branch: "topic" });
  await mkdir(join(directory, "bin"));
  await symlink(resolve("bin/mooring"), join(directory, "bin/mooring"));
  const work = join(directory, "work");
  const summary = join(directory, "summary.md");
  const shell = async (program: readonly string[], script: string, env: Env): Promise<Ran> => {
    const [command = "", ...args] = program;
    const child = spawn(command, [...args, script], {
      cwd: work,
      env: {
        PATH: `${join(directory, "bin")}:${process.env["PATH"] ?? ""}`,
        HOME: directory,
        GIT_CONFIG_NOSYSTEM: "1",
        GITHUB_STEP_SUMMARY: summary,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const closed = new Promise<number | null>((done) => child.once("close", done));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await closed, out: out + err };
  };
  const clone = async (...options: readonly string[]) => {
    await mkdir(work);
    const url = pathToFileURL(repository.directory).href;
    const script = `git clone -q ${options.join(" ")} -b topic ${url} .`;
    expect(await shell(["sh", "-c"], script, {})).toEqual({ code: 0, out: "" });
  };
  return { base, work, summary, clone, shell };
}

const token = "token-2342";

async function readYaml(path: string): Promise<Record<string, unknown>> {
  return parse(await readFile(path, "utf8")) as Record<string, unknown>;
}

describe("the GitHub action", () => {
  interface Step {
    readonly name: string;
    readonly run: string;
    readonly env: Env;
  }

  const stepsOf = async (): Promise<readonly Step[]> => {
    const { runs } = (await readYaml("ci/github/action.yml")) as { runs: { steps: readonly Step[] } };
    return runs.steps;
  };
  const bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];

  it("puts no expression into its scripts, where a branch's name could become a command", async () => {
    expect((await stepsOf()).filter(({ run }) => run.includes("${{"))).toEqual([]);
  });

  it("fetches the base that a shallow clone lacks, comments, and writes the summary", async () => {
    const job = await startJob();
    await job.clone("--depth=1", "--single-branch");
    const forge = await startForgeServer({ kind: "github", token });
    const run = (await stepsOf()).find(({ name }) => name === "Preview")?.run ?? "";
    const env = {
      MOORING_BASE: job.base,
      MOORING_REPO_URL: repositoryUrl,
      MOORING_COMMENT: "true",
      GITHUB_TOKEN: token,
      GITHUB_BASE_REF: "main",
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_REPOSITORY: "shop/deploy",
      GITHUB_API_URL: forge.url,
    };
    const ran = await job.shell(bash, run, env);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).not.toContain(token);
    expect(await readFile(job.summary, "utf8")).toContain("### 1 of 1 applications change");
    expect(forge.model.comments.map(({ body }) => body)).toEqual([expect.stringContaining("+  color: blue")]);
  });

  it("annotates what is wrong and fails, and checks nothing where no path is given", async () => {
    const job = await startJob();
    await job.clone();
    await writeFile(
      join(job.work, "bad.yaml"),
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbad: {}\n",
    );
    const run = (await stepsOf()).find(({ name }) => name === "Validate")?.run ?? "";
    const none = { MOORING_PATHS: "", MOORING_KUBERNETES_VERSION: "" };
    expect(await job.shell(bash, run, none)).toEqual({ code: 0, out: "" });
    const ran = await job.shell(bash, run, {
      MOORING_PATHS: "web bad.yaml",
      MOORING_KUBERNETES_VERSION: "1.30",
    });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(
      "::error file=bad.yaml,line=4::ConfigMap a: field bad is no field of this kind",
    );
  });
});

describe("the GitLab template", () => {
  it("validates and previews a merge request, with reports and a note", async () => {
    const job = await startJob();
    await job.clone("--no-tags");
    const forge = await startForgeServer({ kind: "gitlab", token });
    const template = (await readYaml("ci/gitlab/mooring.gitlab-ci.yml")) as Record<
      string,
      { script?: readonly string[] }
    >;
    const run = async (name: string, env: Env) =>
      await job.shell(["sh", "-c"], template[name]?.script?.join("\n") ?? "exit 99", env);
    expect(await run("mooring:validate", { MOORING_VALIDATE: "web" })).toMatchObject({ code: 0 });
    const env = {
      CI_MERGE_REQUEST_DIFF_BASE_SHA: job.base,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_MERGE_REQUEST_IID: "7",
      CI_PROJECT_ID: "42",
      CI_API_V4_URL: forge.url,
      GITLAB_TOKEN: token,
      MOORING_REPO_URL: repositoryUrl,
    };
    const ran = await run("mooring:preview", env);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain("1 of 1 applications change");
    expect(ran.out).not.toContain(token);
    expect(forge.model.comments).toHaveLength(1);
    for (const report of ["validate", "preview"])
      expect(await readFile(join(job.work, `mooring-${report}.xml`), "utf8")).toContain('failures="0"');
  });
});

describe("the script of the Jenkins library", () => {
  it("validates and previews a change request, and fails for either", async () => {
    const job = await startJob();
    await job.clone("--depth=1", "--single-branch");
    const script = resolve("ci/jenkins/resources/mooring/pre-merge.sh");
    const env = {
      CHANGE_TARGET: "main",
      CHANGE_ID: "7",
      MOORING_VALIDATE: "web",
      MOORING_REPO_URL: repositoryUrl,
    };
    const ran = await job.shell(["sh"], script, env);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain("1 of 1 applications change");
    await writeFile(
      join(job.work, "web/bad.yaml"),
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbad: {}\n",
    );
    const failed = await job.shell(["sh"], script, env);
    expect(failed.code).toBe(1);
    expect(failed.out).toContain("1 of 1 applications change");
  });
});
