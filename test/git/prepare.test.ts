import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKey } from "openpgp";
import { describe, expect, it } from "vitest";
import { startGitStore } from "#git/index.ts";
import type { GitBranches } from "#ports/git-branches.ts";
import { systemClock } from "#runtime/clock.ts";
import type { TestRepository } from "#test/git-servers/index.ts";
import { createRepository } from "#test/git-servers/index.ts";
import { accessTo, commitOf, failureOf, prepared, setUpShop, signal } from "./fixture.ts";

/** Gets what was prepared into the repository, to look at it there. */
async function arrive(
  {
    branches,
    access,
    repository,
  }: Pick<Awaited<ReturnType<typeof setUpShop>>, "branches" | "access" | "repository">,
  to: string,
): Promise<(...args: readonly string[]) => Promise<string>> {
  await branches.push(access, { branch: `look/${to}`, expected: undefined, to, signal });
  return async (...args) => await repository.git(...args);
}

async function diverge(repository: TestRepository, first: string) {
  await repository.branch("prod", first);
  return {
    prod: await repository.change({ "p.yaml": "p\n" }, { branch: "prod" }),
    main: await repository.change({ "a.yaml": "a: 2\n" }),
  };
}

describe("a merge", () => {
  it("has what both changed, both as parents, and the message with its trailers", async () => {
    const all = await setUpShop();
    const { prod, main } = await diverge(all.repository, all.first);
    const wanted = {
      ...prepared,
      message: "Promote\n\nto prod",
      trailers: [["Stage", "prod\nEvil: 1"]] as const,
    };
    const commit = commitOf(
      await all.branches.prepareMerge(all.access, { ...wanted, ours: prod, theirs: main }),
    );
    const git = await arrive(all, commit);
    expect(await git("log", "-1", "--format=%P|%an <%ae>|%cn|%ct|%B", commit)).toBe(
      `${prod} ${main}|Mooring <mooring@example.com>|Mooring|1700000000|Promote\n\nto prod\n\nStage: prod Evil: 1`,
    );
    expect(await git("show", `${commit}:a.yaml`, `${commit}:p.yaml`)).toBe("a: 2\np");
    expect(await git("fsck", "--full", "--strict")).not.toContain("error");
  });

  it("is the same commit wherever and whenever it is prepared", async () => {
    const { directory, repository, first, access } = await setUpShop();
    const { prod, main } = await diverge(repository, first);
    const pgp = await generateKey({
      userIDs: [{ name: "Ada" }],
      format: "armored",
      date: new Date(prepared.dateMs - 1_000),
    });
    for (const signingKey of [undefined, { key: pgp.privateKey }]) {
      const commits = new Set<string>();
      for (const name of ["one", "two", "two"]) {
        await using store = await startGitStore({
          directory: join(directory, name),
          clock: { ...systemClock, now: () => (name === "one" ? 1 : 2) * 1_000_000_000_000 },
          signal,
        });
        const wanted = { ...prepared, ours: prod, theirs: main, signingKey };
        commits.add(commitOf(await store.branches.prepareMerge(access, wanted)));
      }
      expect(commits.size).toBe(1);
    }
  });

  it("is ours where ours has theirs already", async () => {
    const { repository, first, branches, access } = await setUpShop();
    const main = await repository.change({ "a.yaml": "a: 2\n" });
    expect(await branches.prepareMerge(access, { ...prepared, ours: main, theirs: first })).toEqual({
      commit: main,
    });
  });

  it("says where it conflicts, and how", async () => {
    const { repository, first, branches, access } = await setUpShop({
      "a.yaml": "a: 1\n",
      "gone.yaml": "gone: with many words\n",
      "old.yaml": "one line that stays\nand another that stays\n",
    });
    await repository.branch("prod", first);
    const prod = await repository.change(
      {
        "a.yaml": "a: prod\n",
        "gone.yaml": null,
        "old.yaml": null,
        "prod.yaml": "one line that stays\nand another that stays\n",
      },
      { branch: "prod" },
    );
    const main = await repository.change({
      "a.yaml": "a: main\n",
      "gone.yaml": "gone: with many other words\n",
      "old.yaml": null,
      "main.yaml": "one line that stays\nand another that stays\n",
    });
    const outcome = await branches.prepareMerge(access, { ...prepared, ours: prod, theirs: main });
    const conflicts = "conflicts" in outcome ? outcome.conflicts : [];
    const shown = conflicts.map(({ kind, path }) => `${kind} ${path}`).toSorted();
    expect(shown).toEqual([
      "contents a.yaml",
      "modify/delete gone.yaml",
      "rename/rename main.yaml",
      "rename/rename old.yaml",
      "rename/rename prod.yaml",
    ]);
  });

  it("brings back what ours reverted when the base is the commit before", async () => {
    const all = await setUpShop();
    const { repository, first, branches, access } = all;
    await repository.branch("prod", first);
    const main = await repository.change({ "a.yaml": "a: 2\n" });
    const merged = commitOf(await branches.prepareMerge(access, { ...prepared, ours: first, theirs: main }));
    await branches.push(access, { branch: "prod", expected: first, to: merged, signal });
    const reverted = await repository.change({ "a.yaml": "a: 1\n" }, { branch: "prod" });
    const next = await repository.change({ "b.yaml": "b\n" });
    const again = async (base?: string) => {
      const wanted = { ...prepared, ours: reverted, theirs: next, base };
      const git = await arrive(all, commitOf(await branches.prepareMerge(access, wanted)));
      return await git("show", `look/${commitOf(await branches.prepareMerge(access, wanted))}:a.yaml`);
    };
    expect(await again()).toBe("a: 1");
    expect(await again(first)).toBe("a: 2");
  });

  it("is refused for commits with nothing in common, unless a base is named", async () => {
    const { repository, first, branches, access } = await setUpShop();
    const theirs = await repository.commit({ "x.yaml": "x\n" }, { branch: "orphan" });
    const wanted = { ...prepared, ours: first, theirs };
    expect(await failureOf(branches.prepareMerge(access, wanted))).toMatch(
      /^GIT_INVALID: .* have no history in common; name a base$/u,
    );
    expect(await branches.prepareMerge(access, { ...wanted, base: first })).toHaveProperty("commit");
  });

  it("asks for a newer git where git cannot merge so", async () => {
    const { directory, repository, first, access } = await setUpShop();
    const { prod, main } = await diverge(repository, first);
    const old = join(directory, "old-git");
    await writeFile(old, '#!/bin/sh\ncase " $* " in *" merge-tree "*) exit 129 ;; esac\nexec git "$@"\n', {
      mode: 0o755,
    });
    await using store = await startGitStore({
      directory: join(directory, "old"),
      gitProgram: old,
      clock: systemClock,
      signal,
    });
    const wanted = { ...prepared, ours: prod, theirs: main };
    expect(await failureOf(store.branches.prepareMerge(access, wanted))).toBe(
      "CONFIG_INVALID: git program: cannot merge; install git 2.38 or newer",
    );
  });
});

it("takes exactly what theirs has, and merges it", async () => {
  const all = await setUpShop();
  const { prod, main } = await diverge(all.repository, all.first);
  const commit = commitOf(
    await all.branches.prepareTake(all.access, { ...prepared, ours: prod, theirs: main }),
  );
  const git = await arrive(all, commit);
  expect(await git("rev-parse", `${commit}^1`, `${commit}^2`, `${commit}^{tree}`)).toBe(
    [prod, main, await git("rev-parse", `${main}^{tree}`)].join("\n"),
  );
});

describe("a copy", () => {
  const source = {
    "envs/dev/app.yaml": "v: 2\n",
    "envs/dev/run.sh": "echo\n",
    "envs/dev/link": "symlink:app.yaml",
    "envs/dev/secrets/key.yaml": "dev\n",
    "envs/dev/deep/replicas.yaml": "1\n",
    "envs/prod/app.yaml": "v: 1\n",
    "envs/prod/gone.yaml": "x\n",
    "envs/prod/secrets/key.yaml": "prod\n",
    "envs/prod/secrets/more.yaml": "prod\n",
    "other.yaml": "o\n",
  };
  const list = async (git: TestRepository["git"], at: string) =>
    (await git("ls-tree", "-r", "--format=%(objectmode) %(path)", at)).split("\n");

  it("puts a folder in the place of another, in its modes, and lets be what is kept", async () => {
    const all = await setUpShop(source);
    const wanted = {
      ...prepared,
      ours: all.first,
      source: { repository: all.access, commit: all.first, path: "envs/dev" },
      to: "envs/prod",
    };
    const plain = commitOf(await all.branches.prepareCopy(all.access, wanted));
    const git = await arrive(all, plain);
    expect(await git("rev-parse", `${plain}:envs/prod`)).toBe(
      await git("rev-parse", `${all.first}:envs/dev`),
    );
    expect(await git("rev-parse", `${plain}^@`)).toBe(all.first);
    const kept = commitOf(
      await all.branches.prepareCopy(all.access, { ...wanted, keep: ["secrets", "**/replicas.yaml"] }),
    );
    await arrive(all, kept);
    expect(await list(git, `${kept}:envs/prod`)).toEqual([
      "100644 app.yaml",
      "120000 link",
      "100755 run.sh",
      "100644 secrets/key.yaml",
      "100644 secrets/more.yaml",
    ]);
    expect(await git("show", `${kept}:envs/prod/secrets/key.yaml`, `${kept}:envs/prod/app.yaml`)).toBe(
      "prod\nv: 2",
    );
    expect(await git("diff", "--name-only", all.first, kept)).not.toMatch(/envs\/dev|other/u);
    expect(await git("fsck", "--full", "--strict")).not.toContain("error");
    const again = { ...wanted, ours: kept, keep: ["secrets", "**/replicas.yaml"] };
    expect(await all.branches.prepareCopy(all.access, again)).toBeUndefined();
  });

  it("comes from another repository, into one that has nothing of it", async () => {
    const all = await setUpShop({ "README.md": "live\n" });
    const upstream = await createRepository(join(all.directory, "upstream.git"));
    const commit = await upstream.commit(source);
    const from = { repository: accessTo(upstream.url), commit };
    const copy = { ...prepared, ours: all.first, source: { ...from, path: "envs/dev" }, to: "live/prod" };
    const done = commitOf(await all.branches.prepareCopy(all.access, copy));
    const git = await arrive(all, done);
    expect(await git("rev-parse", `${done}:live/prod`)).toBe(
      await upstream.git("rev-parse", `${commit}:envs/dev`),
    );
    expect(await git("fsck", "--full", "--strict")).not.toMatch(/error|missing/u);
    const whole = { ...copy, source: { ...from, path: "" }, to: "", keep: ["README.md"] };
    const all2 = commitOf(await all.branches.prepareCopy(all.access, whole));
    await arrive(all, all2);
    expect(await list(git, all2)).toHaveLength(Object.keys(source).length + 1);
  });

  it("is refused where it would break something, with what to do", async () => {
    const all = await setUpShop({ ...source, "weird\uFFFD": "x" });
    const sha256 = await createRepository(join(all.directory, "new.git"), { objectFormat: "sha256" });
    const other = await sha256.commit(source);
    await all.repository.git("update-index", "--add", "--cacheinfo", `160000,${all.first},dev/module`);
    const tree = await all.repository.git("write-tree");
    const withModule = await all.repository.git("commit-tree", "-m", "module", "-p", all.first, tree);
    await all.repository.branch("module", withModule);
    const tried = async (more: Partial<Parameters<GitBranches["prepareCopy"]>[1]>) =>
      await failureOf(
        all.branches.prepareCopy(all.access, {
          ...prepared,
          ours: all.first,
          source: { repository: all.access, commit: all.first, path: "envs/dev" },
          to: "envs/prod",
          ...more,
        }),
        { [all.repository.url]: "REPO", [sha256.url]: "NEW", [all.first.slice(0, 12)]: "FIRST" },
      );
    const of = (path: string, commit = all.first) => ({ source: { repository: all.access, commit, path } });
    expect({
      submodule: await tried(of("dev", withModule)),
      "nothing there": await tried(of("envs/qa")),
      "a file there": await tried(of("other.yaml")),
      "to a file": await tried({ to: "other.yaml" }),
      "to below a link": await tried({ to: "envs/dev/link/x" }),
      "to outside": await tried({ to: "../x" }),
      "to .git": await tried({ to: ".git" }),
      "keep upwards": await tried({ keep: ["../x"] }),
      "other ids": await tried({ source: { repository: accessTo(sha256.url), commit: other, path: "" } }),
    }).toMatchInlineSnapshot(`
      {
        "a file there": "GIT_PATH_NOT_FOUND: repository REPO at FIRST: "other.yaml" is a file, not a folder; correct the path",
        "keep upwards": "GIT_INVALID: keep[0]: "../x" is no pattern of paths; write it relative, without empty steps, . and ..",
        "nothing there": "GIT_PATH_NOT_FOUND: repository REPO at FIRST: "envs/qa" is missing; correct the path",
        "other ids": "GIT_INVALID: repository REPO: its object ids are not of the kind of NEW; convert one of them",
        "submodule": "GIT_INVALID: repository REPO: dev/module: is a submodule, which cannot be copied; put its files there, or keep it out",
        "to .git": "GIT_INVALID: repository REPO: path ".git": may not be written; use a relative path in UTF-8, without . and .. and backslashes, outside of .git",
        "to a file": "GIT_INVALID: repository REPO: other.yaml: is a file, where a folder is to be; choose another path",
        "to below a link": "GIT_INVALID: repository REPO: envs/dev/link: is a symlink, where a folder is to be; choose another path",
        "to outside": "GIT_INVALID: repository REPO: path "../x": may not be written; use a relative path in UTF-8, without . and .. and backslashes, outside of .git",
      }
    `);
    expect(await tried({ ...of("dev", withModule), keep: ["module"] })).toMatch(/^succeeded/u);
  });
});

it("restores a file or folder as it was, or takes it away where it was not", async () => {
  const all = await setUpShop({ "env/a.yaml": "1\n", "b.yaml": "1\n" });
  const { repository, first, branches, access } = all;
  const second = await repository.change({ "env/a.yaml": "2\n", "b.yaml": "2\n" }, { message: "Second" });
  const third = await repository.change({ "new.yaml": "3\n" }, { message: "Third" });
  const restore = async (path?: string) => {
    const done = await branches.prepareRestore(access, {
      ...prepared,
      ours: third,
      contentOf: first,
      path,
      message: ({ commits }) => commits.map(({ commit }) => `This reverts commit ${commit}.`).join("\n"),
    });
    const git = await arrive(all, commitOf(done));
    return { done, git, commit: commitOf(done) };
  };
  const whole = await restore();
  expect(await whole.git("rev-parse", `${whole.commit}^{tree}`)).toBe(
    await whole.git("rev-parse", `${first}^{tree}`),
  );
  expect(await whole.git("log", "-1", "--format=%P|%B", whole.commit)).toBe(
    `${third}|This reverts commit ${third}.\nThis reverts commit ${second}.`,
  );
  expect(whole.done?.undone).toMatchObject({
    isComplete: true,
    commits: [{ commit: third }, { commit: second }],
  });
  const folder = await restore("env");
  expect(folder.done?.undone.commits).toMatchObject([{ commit: second }]);
  expect(await folder.git("diff", "--name-status", third, folder.commit)).toBe("M\tenv/a.yaml");
  const gone = await restore("new.yaml");
  expect(await gone.git("diff", "--name-status", third, gone.commit)).toBe("D\tnew.yaml");
  const none = { ...prepared, ours: third, contentOf: second, path: "env", message: () => "x" };
  expect(await branches.prepareRestore(access, none)).toBeUndefined();
});

describe("what was prepared", () => {
  it("is pushed by the next process, and prepared again to the same where the mirror is lost", async () => {
    const { directory, repository, first, access } = await setUpShop();
    const { prod, main } = await diverge(repository, first);
    const cache = join(directory, "cache");
    const start = async () => await startGitStore({ directory: cache, clock: systemClock, signal });
    const wanted = { ...prepared, ours: prod, theirs: main };
    let to = "";
    {
      await using store = await start();
      to = commitOf(await store.branches.prepareMerge(access, wanted));
    }
    await rm(join(cache, "slot-0/mirrors"), { recursive: true });
    const push = { branch: "prod", expected: prod, to, signal };
    {
      await using store = await start();
      expect(await failureOf(store.branches.push(access, push))).toMatch(/^GIT_REVISION_NOT_FOUND/u);
      expect(commitOf(await store.branches.prepareMerge(access, wanted))).toBe(to);
    }
    await using store = await start();
    expect(await store.branches.push(access, push)).toEqual({ arrived: "now" });
    expect(await repository.git("rev-parse", "prod")).toBe(to);
  });

  it("stays while mirrors are tidied up, and goes when it is old", async () => {
    const { directory, repository, first, access } = await setUpShop();
    const { prod, main } = await diverge(repository, first);
    let aheadMs = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
    const limits = { keepCommits: 1, keepCommitsMs: 1 };
    await using store = await startGitStore({ directory: join(directory, "cache"), clock, limits, signal });
    const to = commitOf(await store.branches.prepareMerge(access, { ...prepared, ours: prod, theirs: main }));
    const tidyUp = async () => {
      for (let index = 0; index < 55; index += 1) {
        const commit = await repository.change({ "n.yaml": `${aheadMs} ${index}` });
        await store.open(access, commit, signal);
      }
    };
    await tidyUp();
    const [mirror = ""] = await readdir(join(directory, "cache/slot-0/mirrors"));
    expect(await readdir(join(directory, "cache/slot-0/mirrors", mirror, "refs/mooring/prepared"))).toEqual([
      to,
    ]);
    const look = async () =>
      await failureOf(store.branches.treeAt(access, { commit: to, path: "a.yaml", signal }));
    expect(await look()).toMatch(/^succeeded/u);
    aheadMs = 31 * 86_400_000;
    await tidyUp();
    expect(await look()).toMatch(/^GIT_REVISION_NOT_FOUND/u);
  });
});
