import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { GitStore } from "#ports/git-store.ts";
import { systemClock } from "#runtime/clock.ts";
import type { TestRepository } from "#test/git-servers/repository.ts";
import { createRepository } from "#test/git-servers/repository.ts";
import { describeGitStore } from "#test/contracts/git-store.ts";
import { startGitStore } from "./index.ts";

const signal = new AbortController().signal;
const now = { maxAgeMs: 0, signal };

function accessTo(repository: TestRepository): RepositoryAccess {
  return { url: repository.url, credentials: { kind: "none" }, insecureSkipVerify: false };
}

describeGitStore("file://", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mooring-git-"));
  const repository = await createRepository(join(directory, "shop.git"));
  const first = await repository.commit(
    { "a.yaml": "a: 1\n", "dir/b.yaml": "b: 1\n" },
    { message: "first", timeSeconds: 1_700_000_000 },
  );
  await repository.tag("v1.0.0", first);
  const second = await repository.change({ "a.yaml": "a: 2\n" });
  await repository.tag("v1.1.0", second);
  const store = await startGitStore({ directory: join(directory, "store"), clock: systemClock, signal });
  return {
    store,
    access: accessTo(repository),
    first,
    second,
    commitThird: () => repository.change({ "a.yaml": "a: 3\n" }),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
});

describe("a git store on file:// repositories", () => {
  let directory: string;
  let repository: TestRepository;
  let access: RepositoryAccess;
  let store: GitStore;
  let first: string;
  let second: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "mooring-git-"));
    repository = await createRepository(join(directory, "shop.git"));
    access = accessTo(repository);
    first = await repository.commit(
      {
        "a.yaml": "a: 1\n",
        "dir/b.yaml": "b: 1\n",
        "dir/run.sh": "#!/bin/sh\n",
        "dir/link": "symlink:../a.yaml",
      },
      { message: "first\n\nwith a body", timeSeconds: 1_700_000_000 },
    );
    await repository.tag("v1.0.0", first);
    second = await repository.change({ "a.yaml": "a: 2\n", "dir/b.yaml": null });
    await repository.tag("v1.1.0", second, "annotated");
    await repository.branch("feature/x", first);
    store = await startGitStore({ directory: join(directory, "store"), clock: systemClock, signal });
  });

  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  it("looks for a range among the tags that begin with a prefix, and says so when there is none", async () => {
    const within = (tagPrefix: string) => store.resolve(access, "1.x", { ...now, tagPrefix });
    await expect(within("v")).resolves.toEqual({ commit: second, ref: "refs/tags/v1.1.0" });
    await expect(within("web-")).rejects.toThrow('matching version of the tags that begin with "web-"');
  });

  it("resolves branches, tags, HEAD, ranges and commits", async () => {
    const resolved = async (revision: string) => {
      const { commit, ref } = await store.resolve(access, revision, now);
      return `${commit === first ? "first" : commit === second ? "second" : commit} ${ref ?? "-"}`;
    };
    expect({
      empty: await resolved(""),
      head: await resolved("HEAD"),
      branch: await resolved("feature/x"),
      fullRef: await resolved("refs/heads/main"),
      tag: await resolved("v1.0.0"),
      annotated: await resolved("v1.1.0"),
      range: await resolved("1.0.x"),
      highest: await resolved(">=1.0.0"),
      commit: await resolved(first.toUpperCase()),
      short: await resolved(second.slice(0, 8)),
    }).toEqual({
      empty: "second refs/heads/main",
      head: "second refs/heads/main",
      branch: "first refs/heads/feature/x",
      fullRef: "second refs/heads/main",
      tag: "first refs/tags/v1.0.0",
      annotated: "second refs/tags/v1.1.0",
      range: "first refs/tags/v1.0.0",
      highest: "second refs/tags/v1.1.0",
      commit: "first -",
      short: "second -",
    });
  });

  it("reads the tree of a commit", async () => {
    const tree = await store.open(access, first, signal);
    const list = async (path: string) =>
      (await tree.list(path, signal))?.map(
        (entry) => `${entry.name} ${entry.type}${entry.executable ? " x" : ""}`,
      );
    const read = async (path: string) =>
      Buffer.from(await tree.read(path, { maxBytes: 100, signal })).toString();
    expect(tree.revision).toBe(first);
    expect(await list("")).toEqual(["a.yaml file", "dir directory"]);
    expect(await list("dir")).toEqual(["b.yaml file", "link symlink", "run.sh file x"]);
    expect(await list("a.yaml")).toBeUndefined();
    expect(await read("dir/b.yaml")).toBe("b: 1\n");
    expect(await read("dir/link")).toBe("../a.yaml");
    for (const path of [
      "missing",
      "dir/../a.yaml",
      "/a.yaml",
      "dir/",
      "dir//b.yaml",
      "./a.yaml",
      "a.yaml/x",
    ]) {
      expect([path, await tree.stat(path, signal)]).toEqual([path, undefined]);
    }
  });
});
