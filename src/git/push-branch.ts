import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { BranchPush } from "#ports/git-branches.ts";
import { throwIfAborted } from "#runtime/abort.ts";
import { requireBranch, requireRoom } from "./branch-names.ts";
import { isAncestor } from "./histories.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { pushSurely } from "./push-surely.ts";
import type { Remote } from "./remote.ts";
import { listRefs, openRemote } from "./remote.ts";
import { requireCommit } from "./revision.ts";

/** Each means that the repository let nothing through while the branch was where it must be: somebody locked it. */
const maxAttempts = 5;

/** `GitBranches.push` on mirrors. */
export async function pushBranch(
  host: MirrorHost,
  repository: RepositoryAccess,
  push: BranchPush,
): Promise<{ readonly arrived: "now" | "before" }> {
  const { branch, signal } = push;
  throwIfAborted(signal);
  requireBranch(branch, repository.url);
  const to = requireCommit(push.to);
  const expected = push.expected === undefined ? undefined : requireCommit(push.expected);
  const remote = openRemote(repository, host.remotes);
  let why = "";
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    if (await isThere(host, remote, { ...push, to, expected })) return { arrived: "before" };
    if (attempt === 1) await requireForward(host, repository, { ...push, to, expected });
    const { directory } = await host.mirrorOf(repository, to, signal);
    const wanted = { directory, repository, commit: to, branch, expected, signal };
    const moved = await pushSurely(host.remotes, remote, wanted);
    if (moved === undefined) return { arrived: "now" };
    why = moved;
  }
  const message = `repository ${repository.url}: branch ${branch} was locked each of ${maxAttempts} times that it was pushed to (${why}); try again, or take away a lock that a broken push left there`;
  throw new MooringError("GIT_FAILED", message, { key: repository.url });
}

/** Whether the branch is where it is to be; throws when it is neither there nor where it must be. */
async function isThere(
  host: MirrorHost,
  remote: Remote,
  { branch, expected, to, signal }: BranchPush,
): Promise<boolean> {
  const { url } = remote.repository;
  const { refs } = await listRefs(host.remotes, remote, { maxAgeMs: 0, signal });
  const tip = refs.get(`refs/heads/${branch}`);
  if (tip === to) return true;
  requireRoom(branch, refs, url);
  if (tip === expected) return false;
  const is = tip === undefined ? "is not there" : `is at ${tip.slice(0, 12)}`;
  const was = expected === undefined ? "not there yet" : `at ${expected.slice(0, 12)}`;
  const message = `repository ${url}: branch ${branch} ${is} and no longer ${was}; somebody moved it meanwhile: prepare the change again on what is there`;
  throw new MooringError("GIT_MOVED", message, { key: url });
}

async function requireForward(
  host: MirrorHost,
  repository: RepositoryAccess,
  { branch, expected, to, force = false, signal }: BranchPush,
): Promise<void> {
  if (force || expected === undefined) return;
  if (await isAncestor(host, repository, { ancestor: expected, descendant: to, signal })) return;
  const message = `repository ${repository.url}: branch ${branch} would lose commits, since ${expected.slice(0, 12)} did not lead to ${to.slice(0, 12)}; prepare a commit on the branch`;
  throw new MooringError("GIT_INVALID", message, { key: repository.url });
}
