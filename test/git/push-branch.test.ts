import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BranchPush, GitBranches } from "#ports/git-branches.ts";
import { startGitHttpServer } from "#test/git-servers/index.ts";
import {
  accessTo,
  commitOf,
  disposeLater,
  failureOf,
  hook,
  prepared,
  setUpShop,
  signal,
  startStore,
} from "./fixture.ts";

async function setUp() {
  const all = await setUpShop();
  const { repository, first, branches, access } = all;
  await repository.branch("prod", first);
  const main = await repository.change({ "a.yaml": "a: 2\n" });
  const to = commitOf(await branches.prepareMerge(access, { ...prepared, ours: first, theirs: main }));
  const places = { [repository.url]: "REPO", [first.slice(0, 12)]: "FIRST", [main.slice(0, 12)]: "MAIN" };
  const push = async (more: Partial<BranchPush> = {}, by: GitBranches = branches) =>
    await failureOf(by.push(access, { branch: "prod", expected: first, to, signal, ...more }), places);
  return { ...all, main, to, push, prod: async () => await repository.git("rev-parse", "prod") };
}

const now = 'succeeded with {"arrived":"now"}';
const before = 'succeeded with {"arrived":"before"}';

describe("a push", () => {
  it("leads a branch from exactly one commit to another, once", async () => {
    const { push, prod, to } = await setUp();
    expect(await push()).toBe(now);
    expect(await prod()).toBe(to);
    expect(await push()).toBe(before);
  });

  it("goes forward to a commit that the repository has, whether a tip or not", async () => {
    const { repository, push, prod, main } = await setUp();
    await repository.change({ "a.yaml": "a: 3\n" });
    expect(await push({ to: main })).toBe(now);
    expect(await prod()).toBe(main);
  });

  it("makes a branch where there is none, and only there", async () => {
    const { repository, push, to, first } = await setUp();
    expect(await push({ branch: "promote/prod", expected: undefined })).toBe(now);
    expect(await repository.git("rev-parse", "promote/prod")).toBe(to);
    expect(await push({ expected: undefined })).toBe(
      "GIT_MOVED: repository REPO: branch prod is at FIRST and no longer not there yet; somebody moved it meanwhile: prepare the change again on what is there",
    );
    expect(await push({ branch: "gone" })).toContain("GIT_MOVED: repository REPO: branch gone is not there");
    expect(await push({ branch: "promote", expected: undefined })).toMatch(
      /^GIT_INVALID: .*beside branch promote\/prod/u,
    );
    expect(await push({ branch: "../x" })).toMatch(/^GIT_INVALID: .*is no name of a branch/u);
    expect(await push({ to: "main", expected: first })).toMatch(/^GIT_INVALID: commit "main"/u);
  });

  it("moves nothing that somebody else moved meanwhile", async () => {
    const { repository, push, prod } = await setUp();
    const theirs = await repository.change({ "p.yaml": "p\n" }, { branch: "prod" });
    expect(await push()).toContain("GIT_MOVED: repository REPO: branch prod is at");
    expect(await push({ force: true })).toContain("GIT_MOVED: repository REPO: branch prod is at");
    expect(await prod()).toBe(theirs);
  });

  it("of the same commit by 4 processes at once arrives once", async () => {
    const { directory, repository, access, first, main, to, push, prod } = await setUp();
    const others = await Promise.all(
      ["a", "b", "c"].map(async (name) => (await startStore(join(directory, name))).branches),
    );
    for (const other of others) await other.prepareMerge(access, { ...prepared, ours: first, theirs: main });
    const all = await Promise.all([push(), ...others.map((other) => push({}, other))]);
    expect(all.every((outcome) => outcome === now || outcome === before)).toBe(true);
    expect(await prod()).toBe(to);
    expect(await repository.git("rev-list", "--count", "prod")).toBe("3");
  });

  it("loses commits of a branch only by force", async () => {
    const { repository, push, prod, main, first } = await setUp();
    await repository.branch("prod", main);
    const back = { expected: main, to: first };
    expect(await push(back)).toBe(
      "GIT_INVALID: repository REPO: branch prod would lose commits, since MAIN did not lead to FIRST; prepare a commit on the branch",
    );
    expect(await prod()).toBe(main);
    expect(await push({ ...back, force: true })).toBe(now);
    expect(await prod()).toBe(first);
  });

  it("to a protected branch says what the repository says", async () => {
    const { repository, push, prod, first } = await setUp();
    await hook(repository, "pre-receive", "echo 'prod is protected: open a pull request' >&2; exit 1");
    expect(await push()).toBe(
      "GIT_REJECTED: repository REPO: does not let a commit through to branch prod (pre-receive hook declined; prod is protected: open a pull request); let this account push there, or write to another branch",
    );
    expect(await prod()).toBe(first);
  });

  it("that broke off after it arrived counts as arrived", async () => {
    const { repository, push, prod, to } = await setUp();
    await hook(repository, "post-receive", "kill -9 $PPID");
    expect(await push()).toBe(now);
    expect(await prod()).toBe(to);
  });

  it("of which the server does not say how it went is looked up", async () => {
    const { directory, repository, first, branches, to, prod } = await setUp();
    await repository.git("config", "http.receivepack", "true");
    const server = disposeLater(await startGitHttpServer({ root: directory, pushAnswer: "zzzz" }));
    const access = accessTo(`${server.url}/shop.git`);
    const main = await repository.git("rev-parse", "main");
    await branches.prepareMerge(access, { ...prepared, ours: first, theirs: main });
    expect(await branches.push(access, { branch: "prod", expected: first, to, signal })).toEqual({
      arrived: "now",
    });
    expect(await prod()).toBe(to);
  });

  it("to a branch that is locked is not said to have moved", async () => {
    const { repository, push } = await setUp();
    await writeFile(join(repository.directory, "refs/heads/prod.lock"), "");
    expect(await push()).toMatch(/^GIT_FAILED: repository REPO: branch prod was locked each of 5 times/u);
  });

  it("of what nobody has says so", async () => {
    const { push } = await setUp();
    expect(await push({ to: "1".repeat(40), force: true })).toMatch(/^GIT_REVISION_NOT_FOUND/u);
  });
});
