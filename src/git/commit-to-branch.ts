import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { Committed, CommitRequest } from "#ports/git-writer.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import { requireBranch, requireRoom } from "./branch-names.ts";
import { editsOf } from "./import-edits.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { isToStay } from "./own-tip.ts";
import { pushSurely } from "./push-surely.ts";
import type { Remote } from "./remote.ts";
import { listRefs, openRemote } from "./remote.ts";
import type { SignBytes } from "./signatures/commit-signer.ts";
import { openCommitSigner } from "./signatures/commit-signer.ts";
import { writeCommit } from "./write-commit.ts";

/** Each means that somebody else pushed meanwhile. */
const maxAttempts = 10;

/** `GitWriter.commit` on mirrors. */
export async function commitToBranch(
  host: MirrorHost,
  repository: RepositoryAccess,
  request: CommitRequest,
): Promise<Committed | undefined> {
  throwIfAborted(request.signal);
  const { branch, to = branch } = request;
  requireBranch(branch, repository.url);
  requireBranch(to, repository.url);
  if (request.startsFrom !== undefined) requireBranch(request.startsFrom, repository.url);
  const remote = openRemote(repository, host.remotes);
  const sign = request.signingKey === undefined ? undefined : await openCommitSigner(request.signingKey);
  let why = "";
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const outcome = await tryCommit(host, remote, { ...request, sign });
    if (outcome === undefined || !("moved" in outcome)) return outcome;
    why = outcome.moved;
  }
  throw new MooringError(
    "GIT_FAILED",
    `repository ${repository.url}: branch ${to} was somewhere else or locked each of ${maxAttempts} times that a commit was written to it (${why}); try again when others push less, or take away a lock that a broken push left there`,
    { key: repository.url },
  );
}

async function tryCommit(
  host: MirrorHost,
  remote: Remote,
  request: CommitRequest & { readonly sign: SignBytes | undefined },
): Promise<Committed | undefined | { readonly moved: string }> {
  const { branch, to = branch, author, sign, signal } = request;
  const { repository } = remote;
  const { refs } = await listRefs(host.remotes, remote, { maxAgeMs: 0, signal });
  const parent = parentOf(request, refs, repository.url);
  requireRoom(to, refs, repository.url);
  const tree = parent === undefined ? emptyTree : await host.open(repository, parent, signal);
  const change = await request.change(tree, signal);
  if (change === undefined || change.files.size === 0) return undefined;
  const [anyId] = refs.values();
  const mirror =
    parent === undefined
      ? await host.emptyMirror(repository, anyId, signal)
      : await host.mirrorOf(repository, parent, signal);
  const { url } = repository;
  await using written = await writeCommit({
    mirror,
    url,
    parents: parent === undefined ? [] : [parent],
    message: change.message,
    author,
    sign,
    dateMs: host.remotes.context.clock.now(),
    signal,
    compose: async () => await editsOf(change, { tree, url, signal }),
  });
  const { commit } = written;
  const rootOf = async (each: string) => await host.rootTree(repository, each, signal);
  if (parent !== undefined && (await rootOf(parent)) === (await rootOf(commit))) return undefined;
  const expected = refs.get(`refs/heads/${to}`);
  if (
    expected !== undefined &&
    to !== branch &&
    (await isToStay(host, repository, { ...request, to, tip: expected, commit, change }))
  )
    return { commit: expected, parent, isNew: false };
  const push = { directory: mirror.directory, repository, commit, branch: to, expected, signal };
  const moved = await pushSurely(host.remotes, remote, push);
  if (moved !== undefined) return { moved };
  await mirror.inTurn(async () => await mirror.keep(commit, signal));
  return { commit, parent, isNew: true };
}

/** Where the new commit stands on; undefined for one that is to be the first of its branch. */
function parentOf(
  { branch, startsFrom }: CommitRequest,
  refs: ReadonlyMap<string, string>,
  url: string,
): string | undefined {
  const found = refs.get(`refs/heads/${branch}`);
  if (found !== undefined) return found;
  if (startsFrom !== undefined) return refs.get(`refs/heads/${startsFrom}`);
  const message = `repository ${url}: has no branch ${branch}; make it, or name another`;
  throw new MooringError("GIT_REVISION_NOT_FOUND", message, { key: url });
}

/** What a branch that is not there holds. */
const emptyTree: SourceTree = {
  revision: "",
  stat: async (path) =>
    await Promise.resolve(
      path === "" ? { name: "", type: "directory", oid: "", executable: false } : undefined,
    ),
  list: async (path) => await Promise.resolve(path === "" ? [] : undefined),
  read: async (path) => {
    const missing = new MooringError("GIT_PATH_NOT_FOUND", `${path}: is not there: the branch is new`);
    return await Promise.reject(missing);
  },
};
