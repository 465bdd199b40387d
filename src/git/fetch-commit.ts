import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import { gitErrorOf } from "./git-error.ts";
import type { Mirror } from "./mirror.ts";
import { commitRefs } from "./mirror-files.ts";
import type { GitOutcome } from "./run-git.ts";

export interface FetchRequest {
  readonly mirror: Mirror;
  readonly repository: RepositoryAccess;
  readonly commit: string;
  /** Brings all commits that led to it, without what this leaves out, in the place of the commit with its files. */
  readonly historyFilter?: "tree:0" | "blob:none";
  /** Refs that showed this commit when the repository was last listed. */
  readonly refs: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Says that this server (or this protocol version) gives out only what a ref points at. */
const onlyRefs = /unadvertised object|dumb http transport does not support shallow/;
/** Says that the mirror, not the repository, is broken. */
const damaged =
  /object file .* is empty|loose object .* is corrupt|packed object .* is corrupt|bad object refs\/|not a git repository: '|packfile .* (?:cannot be accessed|is truncated|does not match index)|pack has bad object|index file .* is too small|invalid sha1 pointer|missing necessary objects|bad (?:config|shallow)|shallow file has changed/;

/**
 * Brings one commit into the mirror, without its history: by its id, where the server gives out commits by id (every server
 * with protocol version 2); else by a ref that showed it; else by fetching all branches and tags. Objects that the mirror
 * has are not sent again. A mirror that turns out to be damaged is deleted and fetched anew. Only in the mirror's turn.
 */
export async function fetchCommit(request: FetchRequest): Promise<void> {
  const { mirror, commit, signal } = request;
  const first = await attempt(request);
  const outcome = damaged.test(first.stderr) ? await startAnew(request) : first;
  if (outcome.exitCode !== 0) throw fetchErrorOf(request, outcome);
  if (!(await isCommit(request))) {
    await mirror.drop(commit);
    const message = `repository ${request.repository.url}: ${commit} is not a commit, or no longer there; correct targetRevision`;
    throw new MooringError("GIT_REVISION_NOT_FOUND", message, { key: request.repository.url });
  }
  if (!(await mirror.keep(commit, signal))) {
    throw new MooringError("GIT_FAILED", `mirror of ${request.repository.url}: cannot note commit ${commit}`);
  }
}

async function startAnew(request: FetchRequest): Promise<GitOutcome> {
  await request.mirror.discard();
  return await attempt(request);
}

async function attempt(request: FetchRequest): Promise<GitOutcome> {
  const { mirror, repository, commit, signal, historyFilter } = request;
  await mirror.create(signal);
  // Git leaves files out only when it fetches from a remote that has a name.
  if (historyFilter !== undefined) await mirror.nameRemote(repository.url, signal);
  const [extent, from] =
    historyFilter === undefined
      ? (["--depth=1", repository.url] as const)
      : ([`--filter=${historyFilter}`, "origin"] as const);
  const fetch = async (args: readonly string[], ...refspecs: readonly string[]) =>
    await mirror.runFetch([...args, "--", from, ...refspecs], request.environment, signal);

  const byId = await fetch([extent], `+${commit}:${commitRefs}/${commit}`);
  if (byId.exitCode === 0 || !onlyRefs.test(byId.stderr)) return byId;
  const [ref] = request.refs;
  if (ref !== undefined && !/dumb http/.test(byId.stderr)) {
    const byRef = await fetch([extent], `+${ref}:refs/mooring/ref`);
    if (byRef.exitCode === 0 && (await isCommit(request))) return byRef;
  }
  const all = ["+refs/heads/*:refs/mooring/all/heads/*", "+refs/tags/*:refs/mooring/all/tags/*"];
  const whole = await fetch(["--unshallow", ...(historyFilter === undefined ? [] : [extent])], ...all);
  return /--unshallow on a complete repository/.test(whole.stderr) ? await fetch([], ...all) : whole;
}

async function isCommit({ mirror, commit, signal }: FetchRequest): Promise<boolean> {
  const reply = await mirror.reader.info(commit, signal);
  return reply.found && reply.type === "commit";
}

function fetchErrorOf({ repository, commit }: FetchRequest, outcome: GitOutcome): MooringError {
  return gitErrorOf(repository, `fetching commit ${commit.slice(0, 12)}`, outcome);
}
