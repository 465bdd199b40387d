import { describe, expect, it } from "vitest";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { GitStore } from "#ports/git-store.ts";

/** A repository whose branch `main` has two commits; the first is tagged `v1.0.0`, the second `v1.1.0`. */
export interface GitSubject extends AsyncDisposable {
  readonly store: GitStore;
  readonly access: RepositoryAccess;
  /** Holds `a.yaml` with `a: 1`, and `dir/b.yaml`. */
  readonly first: string;
  /** Holds `a.yaml` with `a: 2`. */
  readonly second: string;
  /** Commits `a.yaml` with `a: 3` to `main`; gives the commit's id. */
  commitThird(): Promise<string>;
}

const signal = new AbortController().signal;
const now = { maxAgeMs: 0, signal };

/** What every GitStore does. Transports, credentials and damage are left to the implementation's own tests. */
export function describeGitStore(name: string, start: () => Promise<GitSubject>): void {
  describe(`${name} git store`, () => {
    describeRevisions(start);
    describeCommits(start);
  });
}

type Start = () => Promise<GitSubject>;

function describeRevisions(start: Start): void {
  it("resolves branches, tags, HEAD, ranges and commits", async () => {
    await using subject = await start();
    const { store, access, first, second } = subject;
    const resolved = async (revision: string) => {
      const { commit, ref } = await store.resolve(access, revision, now);
      return `${commit === first ? "first" : commit === second ? "second" : commit} ${ref ?? "-"}`;
    };
    expect({
      empty: await resolved(""),
      head: await resolved("HEAD"),
      branch: await resolved("main"),
      fullRef: await resolved("refs/heads/main"),
      tag: await resolved("v1.0.0"),
      range: await resolved("1.x"),
      commit: await resolved(first.toUpperCase()),
    }).toEqual({
      empty: "second refs/heads/main",
      head: "second refs/heads/main",
      branch: "second refs/heads/main",
      fullRef: "second refs/heads/main",
      tag: "first refs/tags/v1.0.0",
      range: "second refs/tags/v1.1.0",
      commit: "first -",
    });
  });

  it("lists branches and tags", async () => {
    await using subject = await start();
    expect(await subject.store.listRefs(subject.access, now)).toEqual({
      branches: ["main"],
      tags: ["v1.0.0", "v1.1.0"],
    });
  });

  it("answers from an earlier listing only where that is young enough", async () => {
    await using subject = await start();
    const { store, access, second } = subject;
    await store.resolve(access, "main", now);
    const third = await subject.commitThird();
    const old = await store.resolve(access, "main", { maxAgeMs: 600_000, signal });
    const young = await store.resolve(access, "main", now);
    expect([old.commit, young.commit]).toEqual([second, third]);
  });
}

function describeCommits(start: Start): void {
  it("says of a commit without a signature that it is not signed", async () => {
    await using subject = await start();
    const { store, access, second } = subject;
    const policy = {
      mode: "head",
      keys: ["0123456789ABCDEF"],
      field: "spec.signatureKeys",
      keyring: {},
    } as const;
    const revision = { commit: second, targetRevision: "main", tagPrefix: "" };
    await expect(store.checkSignatures(access, revision, { policy, signal })).resolves.toContain(
      "is not signed",
    );
  });

  it("reads the tree of a commit, and what is said of it", async () => {
    await using subject = await start();
    const { store, access, first } = subject;
    // Tags are those of the last listing.
    await store.resolve(access, "main", now);
    const tree = await store.open(access, first, signal);
    const content = await tree.read("a.yaml", { maxBytes: 100, signal });
    expect(tree.revision).toBe(first);
    expect((await tree.list("", signal))?.map((entry) => entry.name)).toEqual(["a.yaml", "dir"]);
    expect(Buffer.from(content).toString()).toBe("a: 1\n");
    expect(await store.readCommit(access, first, signal)).toEqual({
      author: "Ada Lovelace <ada@example.com>",
      date: "2023-11-14T22:13:20Z",
      message: "first",
      tags: ["v1.0.0"],
    });
  });

  it("names what is not there", async () => {
    await using subject = await start();
    const { store, access } = subject;
    const unknown = { ...access, url: `${access.url.replace(/\.git$/, "")}-gone.git` };
    const code = (work: Promise<unknown>) => work.then(String, (error: { code?: string }) => error.code);
    expect({
      branch: await code(store.resolve(access, "no-such-branch", now)),
      odd: await code(store.resolve(access, "a..b", now)),
      commit: await code(store.open(access, "main", signal)),
      repository: await code(store.resolve(unknown, "main", now)),
    }).toEqual({
      branch: "GIT_REVISION_NOT_FOUND",
      odd: "GIT_INVALID",
      commit: "GIT_INVALID",
      repository: "GIT_NOT_FOUND",
    });
  });

  it("does nothing for whoever has given up", async () => {
    await using subject = await start();
    const { store, access, first } = subject;
    const gone = AbortSignal.abort();
    await expect(store.resolve(access, "main", { maxAgeMs: 0, signal: gone })).rejects.toMatchObject({
      name: "AbortError",
    });
    await expect(store.open(access, first, gone)).rejects.toMatchObject({ name: "AbortError" });
  });
}
