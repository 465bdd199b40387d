import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { CommitQuestion, TracedCommit } from "#ports/git-history.ts";
import { parseCommit } from "./commit-object.ts";
import { fetchHistory } from "./fetch-history.ts";
import type { Mirror } from "./mirror.ts";
import type { Remote, RemoteContext } from "./remote.ts";
import { listRefs, openRemote } from "./remote.ts";
import { findRevision, parseRevision } from "./revision.ts";

/** What a trace needs of the store. */
export interface TraceHost {
  readonly remotes: RemoteContext;
  /** The mirror that has commits with all that led to them, and no files. */
  readonly historyOf: (remote: Remote, objectFormat: "sha1" | "sha256") => Mirror;
  /** The mirror that has this commit with its files; it is fetched when it is missing. */
  readonly filesOf: (commit: string, signal: AbortSignal) => Promise<Mirror>;
}

/** A listing of the repository that is younger is not asked for again. */
const maxAgeMs = 60_000;
/** Histories that one question brings: of branches that moved apart. What is in one of them costs nothing. */
const maxFetches = 8;
/** Of more files nobody says which application they are of. */
const maxChanged = 100_000;

interface Tracing {
  readonly host: TraceHost;
  readonly remote: Remote;
  readonly history: Mirror;
  readonly signal: AbortSignal;
}

/** Finds a commit in a repository, and which revisions contain it: with one `git rev-list`, however many there are. */
export async function traceCommit(
  host: TraceHost,
  repository: RepositoryAccess,
  question: CommitQuestion,
): Promise<TracedCommit | undefined> {
  const { revisions, signal } = question;
  const remote = openRemote(repository, host.remotes);
  const wanted = parseRevision(question.commit);
  // Whoever may not list the repository learns nothing from its mirror.
  const refs = await listRefs(host.remotes, remote, { maxAgeMs, signal });
  const named = wanted.kind === "commit" ? wanted.commit : findRevision(refs, wanted)?.commit;
  const [tip = named ?? ""] = refs.refs.values();
  const history = host.historyOf(remote, tip.length === 64 ? "sha256" : "sha1");
  await history.load();
  const tracing: Tracing = { host, remote, history, signal };
  const known = await bringHistories(revisions, tracing);
  const isNamed = wanted.kind !== "commit" && named !== undefined;
  const text = named ?? shortIdIn(question.commit);
  const commit = await findCommit(text, { mayFetch: isNamed || question.isThorough }, tracing);
  if (commit === undefined) return undefined;
  const { parents, author, date, message } = await readCommit(commit, tracing);
  return {
    commit,
    author,
    date,
    message,
    within: await findWithin(commit, known, tracing),
    lost: revisions.filter((revision) => !known.includes(revision)),
    changed: await findChanged(commit, parents[0], tracing),
  };
}

/** Those of the revisions whose history is there now. */
async function bringHistories(revisions: readonly string[], tracing: Tracing): Promise<readonly string[]> {
  const known: string[] = [];
  let fetches = 0;
  for (const revision of revisions) {
    if (await isThere(revision, tracing)) known.push(revision);
    else if (fetches < maxFetches) {
      fetches += 1;
      if (await bring(revision, tracing)) known.push(revision);
    }
  }
  return known;
}

async function isThere(revision: string, { history, signal }: Tracing): Promise<boolean> {
  if (history.has(revision)) return true;
  if (history.commits.next().done === true) return false;
  return (await history.reader.info(revision, signal)).found;
}

/** Fetches a commit with all that led to it; false when the repository does not have it. */
async function bring(commit: string, { host, remote, history, signal }: Tracing): Promise<boolean> {
  try {
    await fetchHistory(host.remotes, remote, { mirror: history, commit, filter: "tree:0", signal });
    return true;
  } catch (error) {
    // Repositories say in many words that they have no such commit.
    if (isMooringError(error, "GIT_REVISION_NOT_FOUND") || isMooringError(error, "GIT_FAILED")) return false;
    throw error;
  }
}

function shortIdIn(text: string): string | undefined {
  return /^[0-9a-f]{7,63}$/iu.test(text) ? text.toLowerCase() : undefined;
}

async function findCommit(
  text: string | undefined,
  { mayFetch }: { readonly mayFetch: boolean },
  tracing: Tracing,
): Promise<string | undefined> {
  const { history, remote, signal } = tracing;
  if (text === undefined) return undefined;
  if (history.commits.next().done !== true) {
    const reply = await history.reader.info(`${text}^{commit}`, signal);
    if (reply.found) return reply.oid;
    if (reply.reason === "ambiguous") {
      const { url } = remote.repository;
      const message = `repository ${url}: commit id ${text} is ambiguous; write more of it`;
      throw new MooringError("GIT_REVISION_NOT_FOUND", message, { key: url });
    }
  }
  return mayFetch && text.length >= 40 && (await bring(text, tracing)) ? text : undefined;
}

async function readCommit(commit: string, { history, remote, signal }: Tracing) {
  const { found, content } = { content: undefined, ...(await history.reader.contents(commit, signal)) };
  if (found && content !== undefined) return parseCommit(content);
  const { url } = remote.repository;
  const message = `mirror of ${url}: commit ${commit.slice(0, 12)} cannot be read; ask again`;
  throw new MooringError("GIT_FAILED", message, { key: url });
}

async function findWithin(
  commit: string,
  revisions: readonly string[],
  { history, remote, signal }: Tracing,
): Promise<readonly string[]> {
  const others = revisions.filter((revision) => revision !== commit);
  if (others.length === 0) return revisions;
  const outcome = await history.git(
    ["--git-dir", history.directory, "rev-list", "--ancestry-path", "--ignore-missing", "--stdin"],
    { signal, input: Buffer.from(`^${commit}\n${others.join("\n")}\n`) },
  );
  if (outcome.exitCode !== 0 || outcome.end !== "exit") {
    const { url } = remote.repository;
    const message = `mirror of ${url}: what follows commit ${commit.slice(0, 12)} cannot be told: ${outcome.end === "exit" ? outcome.stderr.trim().slice(-300) : outcome.end}`;
    throw new MooringError("GIT_FAILED", message, { key: url });
  }
  const after = new Set(outcome.stdout.toString("latin1").split("\n"));
  return revisions.filter((revision) => revision === commit || after.has(revision));
}

async function findChanged(
  commit: string,
  parent: string | undefined,
  { host, signal }: Tracing,
): Promise<readonly string[] | undefined> {
  try {
    const mirror = await host.filesOf(commit, signal);
    if (parent !== undefined) await host.filesOf(parent, signal);
    const trees =
      parent === undefined
        ? ["ls-tree", "-r", "-z", "--name-only", commit]
        : ["diff-tree", "-r", "-z", "--name-only", "--no-renames", parent, commit];
    const outcome = await mirror.git(["--git-dir", mirror.directory, ...trees], { signal });
    if (outcome.end !== "exit" || outcome.exitCode !== 0) return undefined;
    const paths = outcome.stdout
      .toString("utf8")
      .split("\0")
      .filter((path) => path !== "");
    return paths.length > maxChanged ? undefined : paths;
  } catch (error) {
    // Where the commit went is known all the same.
    if (isMooringError(error)) return undefined;
    throw error;
  }
}
