import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { Committed, CommitRequest } from "#ports/git-writer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import type { Mirror } from "./mirror.ts";
import type { Push } from "./push-commit.ts";
import { pushCommit } from "./push-commit.ts";
import type { Remote, RemoteContext } from "./remote.ts";
import { listRefs, openRemote, withRemote } from "./remote.ts";
import { isSameChange } from "./same-change.ts";
import type { SignBytes } from "./signatures/commit-signer.ts";
import { openCommitSigner } from "./signatures/commit-signer.ts";
import { writeCommit } from "./write-commit.ts";

/** The mirror of one repository. */
export interface CommitHost {
  readonly remotes: RemoteContext;
  open(commit: string, signal: AbortSignal): Promise<SourceTree>;
  /** The mirror, with this commit in it. */
  mirrorOf(commit: string, signal: AbortSignal): Promise<Mirror>;
  /** The mirror, whatever is in it, for a repository whose ids are as long as this one. */
  emptyMirror(id: string | undefined, signal: AbortSignal): Promise<Mirror>;
  /** The root tree of a commit that the mirror holds. */
  rootTree(mirror: Mirror, commit: string, signal: AbortSignal): Promise<string>;
}

/** Each means that somebody else pushed meanwhile. */
const maxAttempts = 10;
/** After these a push may have arrived; the last is also that of a server that does not say how it went. */
const uncertain = ["GIT_UNREACHABLE", "GIT_TIMEOUT", "GIT_TOO_LARGE", "GIT_FAILED"] as const;

/** `GitWriter.commit` on mirrors. */
export async function commitToBranch(
  host: CommitHost,
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

/** As git allows them (`git check-ref-format`), and nothing that could be read as something else. */
function requireBranch(branch: string, url: string): void {
  const isRefused =
    branch === "" ||
    branch === "@" ||
    branch === "HEAD" ||
    branch.length > 255 ||
    /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\.lock(?:\/|$)|(?:^|\/)\.|[./]$|^[-/]/u.test(branch);
  if (!isRefused) return;
  const message = `repository ${url}: branch ${JSON.stringify(branch.slice(0, 100))}: is no name of a branch; correct it`;
  throw new MooringError("GIT_INVALID", message, { key: url });
}

async function tryCommit(
  host: CommitHost,
  remote: Remote,
  request: CommitRequest & { readonly sign: SignBytes | undefined },
): Promise<Committed | undefined | { readonly moved: string }> {
  const { branch, to = branch, author, sign, signal } = request;
  const { repository } = remote;
  const { refs } = await listRefs(host.remotes, remote, { maxAgeMs: 0, signal });
  const parent = parentOf(request, refs, repository.url);
  requireRoom(to, refs, repository.url);
  const tree = parent === undefined ? emptyTree : await host.open(parent, signal);
  const change = await request.change(tree, signal);
  if (change === undefined || change.files.size === 0) return undefined;
  const [anyId] = refs.values();
  const mirror =
    parent === undefined ? await host.emptyMirror(anyId, signal) : await host.mirrorOf(parent, signal);
  const nowMs = host.remotes.context.clock.now();
  const { url } = repository;
  await using written = await writeCommit({
    mirror,
    url,
    parent: { commit: parent, tree },
    change,
    author,
    sign,
    nowMs,
    signal,
  });
  const { commit } = written;
  const rootOf = async (each: string) => await host.rootTree(mirror, each, signal);
  if (parent !== undefined && (await rootOf(parent)) === (await rootOf(commit))) return undefined;
  const expected = refs.get(`refs/heads/${to}`);
  if (expected !== undefined && to !== branch && (await isThere(host, { commit, expected, signal })))
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

/** Whether a branch holds this very change already: led anew, it would only start its pipelines and reviews again. */
async function isThere(
  host: CommitHost,
  {
    commit,
    expected,
    signal,
  }: { readonly commit: string; readonly expected: string; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    const { reader } = await host.mirrorOf(expected, signal);
    const [ours, theirs] = await Promise.all([
      reader.contents(commit, signal),
      reader.contents(expected, signal),
    ]);
    if (!ours.found || !theirs.found || ours.content === undefined || theirs.content === undefined)
      return false;
    return isSameChange(ours.content, theirs.content);
  } catch (error) {
    // Somebody took the branch away meanwhile, of which the push learns.
    if (isMooringError(error, "GIT_REVISION_NOT_FOUND")) return false;
    throw error;
  }
}

/** Branches are named like files: none can stand where another has a directory. */
function requireRoom(branch: string, refs: ReadonlyMap<string, string>, url: string): void {
  const ref = `refs/heads/${branch}`;
  const other = [...refs.keys()].find((each) => each.startsWith(`${ref}/`) || ref.startsWith(`${each}/`));
  if (other === undefined) return;
  const message = `repository ${url}: branch ${branch}: cannot be beside branch ${other.replace("refs/heads/", "")}; choose another name`;
  throw new MooringError("GIT_INVALID", message, { key: url });
}

/** What broke off may have arrived: the repository itself says whether it did. */
async function pushSurely(
  remotes: RemoteContext,
  remote: Remote,
  push: Omit<Push, "environment">,
): Promise<string | undefined> {
  const { signal, branch, commit } = push;
  const run = async (environment: Push["environment"]) =>
    await pushCommit(remotes.context, { ...push, environment });
  try {
    return await withRemote(remotes, remote, { kind: "fetch", signal, run });
  } catch (error) {
    throwIfAborted(signal);
    if (!uncertain.some((code) => isMooringError(error, code))) throw error;
    if (await hasArrived(remotes, remote, { signal, branch, commit })) return undefined;
    throw error;
  }
}

async function hasArrived(
  remotes: RemoteContext,
  remote: Remote,
  { signal, branch, commit }: Pick<Push, "signal" | "branch" | "commit">,
): Promise<boolean> {
  try {
    const { refs } = await listRefs(remotes, remote, { maxAgeMs: 0, signal });
    return refs.get(`refs/heads/${branch}`) === commit;
  } catch (error) {
    throwIfAborted(signal);
    if (isMooringError(error)) return false;
    throw error;
  }
}
