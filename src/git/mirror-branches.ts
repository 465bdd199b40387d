import type { RepositoryAccess } from "#core/repo/access.ts";
import type {
  BranchPush,
  CommitList,
  CopyPreparation,
  GitBranches,
  MergePreparation,
  Preparation,
  Prepared,
  RestorePreparation,
} from "#ports/git-branches.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import { readCommonHistory } from "./common-history.ts";
import { copyFolder } from "./copy-folder.ts";
import { findMergeBases, isAncestor, listCommits } from "./histories.ts";
import { modeOf, putObject, remove, requirePath } from "./import-edits.ts";
import { Conflicted, mergeTrees, readTrees } from "./merge-trees.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { prepareChange, prepareMergeCommit } from "./prepare-commit.ts";
import { pushBranch } from "./push-branch.ts";
import { branchesOf } from "./refs.ts";
import { listRefs, openRemote } from "./remote.ts";
import { requireCommit } from "./revision.ts";

/** Commits that the message of one that undoes them can name. */
const maxUndone = 100;

/** `GitBranches` on mirrors. */
export class MirrorBranches implements GitBranches {
  readonly #host: MirrorHost;

  constructor(host: MirrorHost) {
    this.#host = host;
  }

  async readTips(
    repository: RepositoryAccess,
    options: Parameters<GitBranches["readTips"]>[1],
  ): Promise<ReadonlyMap<string, string>> {
    throwIfAborted(options.signal);
    const { remotes } = this.#host;
    return branchesOf(await listRefs(remotes, openRemote(repository, remotes), options));
  }

  async treeAt(
    repository: RepositoryAccess,
    { commit, path, signal }: Parameters<GitBranches["treeAt"]>[1],
  ): Promise<string | undefined> {
    const tree = await this.#host.open(repository, commit, signal);
    return (await tree.stat(path, signal))?.oid;
  }

  async isAncestor(
    repository: RepositoryAccess,
    pair: Parameters<GitBranches["isAncestor"]>[1],
  ): Promise<boolean> {
    return await isAncestor(this.#host, repository, pair);
  }

  async mergeBase(
    repository: RepositoryAccess,
    { one, other, signal }: Parameters<GitBranches["mergeBase"]>[1],
  ): Promise<string | undefined> {
    const [first] = await findMergeBases(this.#host, repository, { pair: [one, other], signal });
    return first;
  }

  async listCommits(
    repository: RepositoryAccess,
    query: Parameters<GitBranches["listCommits"]>[1],
  ): Promise<CommitList> {
    return await listCommits(this.#host, repository, query);
  }

  async prepareMerge(
    repository: RepositoryAccess,
    wanted: MergePreparation,
  ): ReturnType<GitBranches["prepareMerge"]> {
    const { signal } = wanted;
    const ours = requireCommit(wanted.ours);
    const theirs = requireCommit(wanted.theirs);
    const base = wanted.base === undefined ? undefined : requireCommit(wanted.base);
    const nodes = await readCommonHistory(this.#host, repository, { ours, theirs, base, signal });
    if (base === undefined && nodes[0]?.commit === theirs) return { commit: ours };
    const commits = nodes.map(({ commit }) => commit);
    const trees = await readTrees(this.#host, repository, { commits, signal });
    const mirror = await this.#host.mirrorOf(repository, ours, signal);
    const merge = { mirror, url: repository.url, ours, theirs, nodes, trees, signal };
    const compose = async () => [putObject("", { mode: "040000", oid: await mergeTrees(merge) })];
    try {
      const composition = { wanted: { ...wanted, ours }, theirs, compose };
      return await prepareMergeCommit(this.#host, repository, composition);
    } catch (error) {
      if (error instanceof Conflicted) return { conflicts: error.conflicts };
      throw error;
    }
  }

  async prepareTake(
    repository: RepositoryAccess,
    wanted: Preparation & { readonly theirs: string },
  ): Promise<Prepared> {
    const { theirs, signal } = wanted;
    await this.#host.mirrorOf(repository, theirs, signal);
    const oid = await this.#host.rootTree(repository, theirs, signal);
    const compose = async () => [putObject("", { mode: "040000", oid })];
    return await prepareMergeCommit(this.#host, repository, { wanted, theirs, compose });
  }

  async prepareCopy(repository: RepositoryAccess, wanted: CopyPreparation): Promise<Prepared | undefined> {
    const compose = await copyFolder(this.#host, repository, wanted);
    return await prepareChange(this.#host, repository, { wanted, compose });
  }

  async prepareRestore(
    repository: RepositoryAccess,
    { message, ...wanted }: RestorePreparation,
  ): ReturnType<GitBranches["prepareRestore"]> {
    const { ours, contentOf, path = "", signal } = wanted;
    if (path !== "") requirePath(path, repository.url);
    const tree = await this.#host.open(repository, contentOf, signal);
    const found = await tree.stat(path, signal);
    const range = { from: ours, excluding: [contentOf], path, limit: maxUndone, signal };
    const undone = await listCommits(this.#host, repository, range);
    const edit =
      found === undefined ? remove(path) : putObject(path, { mode: modeOf(found), oid: found.oid });
    const prepared = await prepareChange(this.#host, repository, {
      wanted: { ...wanted, message: message(undone) },
      compose: async () => [edit],
    });
    return prepared === undefined ? undefined : { ...prepared, undone };
  }

  async push(repository: RepositoryAccess, push: BranchPush): ReturnType<GitBranches["push"]> {
    return await pushBranch(this.#host, repository, push);
  }
}
