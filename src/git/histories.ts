import { parseTrailers } from "#core/commit-message/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { CommitList, GitBranches, ListedCommit } from "#ports/git-branches.ts";
import type { Mirror } from "./mirror.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { requireCommit } from "./revision.ts";
import type { GitOutcome } from "./run-git.ts";

const maxCommits = 1_000;
const maxExcluded = 100;

type Pair = readonly [one: string, other: string];

/** The best commits that led to both, as git finds them; none where nothing did. */
export async function findMergeBases(
  host: MirrorHost,
  repository: RepositoryAccess,
  { pair, signal }: { readonly pair: Pair; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const commits = pair.map(requireCommit);
  const mirror = await host.historyOf(repository, { commits, extent: "commits", signal });
  const args = ["merge-base", "--all", ...commits];
  const outcome = await run(mirror, { repository, args, signal, mayExit: 1 });
  return outcome.stdout
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}

export async function isAncestor(
  host: MirrorHost,
  repository: RepositoryAccess,
  { ancestor, descendant, signal }: Parameters<GitBranches["isAncestor"]>[1],
): Promise<boolean> {
  const [older, newer] = [requireCommit(ancestor), requireCommit(descendant)];
  if (older === newer) return true;
  const prepared = await parentsIfPrepared(host, repository, { commit: newer, signal });
  if (prepared !== undefined) {
    for (const parent of prepared)
      if (await isAncestor(host, repository, { ancestor: older, descendant: parent, signal })) return true;
    return false;
  }
  const mirror = await host.historyOf(repository, { commits: [older, newer], extent: "commits", signal });
  const args = ["merge-base", "--is-ancestor", older, newer];
  return (await run(mirror, { repository, args, signal, mayExit: 1 })).exitCode === 0;
}

/** The repository may not have a commit that was prepared; its parents say what led to it. */
async function parentsIfPrepared(
  host: MirrorHost,
  repository: RepositoryAccess,
  { commit, signal }: { readonly commit: string; readonly signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  const mirror = await host.preparedIn(repository, commit, signal);
  const raw = await mirror?.reader.contents(commit, signal);
  if (raw?.found !== true || raw.content === undefined) return undefined;
  const [header = ""] = Buffer.from(raw.content).toString("latin1").split("\n\n");
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gmu)].map(([, parent = ""]) => parent);
}

const fields = ["%H", "%P", "%an", "%ae", "%cI", "%s", "%B"];
const maxSubjectLength = 1_000;

export async function listCommits(
  host: MirrorHost,
  repository: RepositoryAccess,
  { from, excluding, path = "", limit, signal }: Parameters<GitBranches["listCommits"]>[1],
): Promise<CommitList> {
  const most = Math.max(1, Math.min(Math.trunc(limit), maxCommits));
  const [tip, ...excluded] = [from, ...excluding].map(requireCommit);
  if (tip === undefined || excluded.length > maxExcluded) {
    const message = `repository ${repository.url}: ${excluded.length} commits to leave out; name at most ${maxExcluded}`;
    throw new MooringError("GIT_INVALID", message, { key: repository.url });
  }
  const extent = path === "" ? "commits" : "directories";
  const mirror = await host.historyOf(repository, { commits: [tip, ...excluded], extent, signal });
  const format = `--format=${fields.join("%x00")}`;
  const range = [`--max-count=${most + 1}`, tip, ...excluded.map((commit) => `^${commit}`)];
  const args = ["--literal-pathspecs", "log", "-z", "--date-order", "--no-color", format, ...range, "--"];
  const outcome = await run(mirror, { repository, args: path === "" ? args : [...args, path], signal });
  const commits = parseLog(outcome.stdout.toString("utf8"));
  return { commits: commits.slice(0, most), isComplete: commits.length <= most };
}

function parseLog(text: string): readonly ListedCommit[] {
  const values = text.split("\0");
  const commits: ListedCommit[] = [];
  for (let at = 0; at + fields.length <= values.length; at += fields.length) {
    const [commit = "", parents = "", name = "", email = "", time = "", subject = "", message = ""] =
      values.slice(at, at + fields.length);
    commits.push({
      commit,
      parents: parents.split(" ").filter((parent) => parent !== ""),
      author: { name, email },
      committedAt: time,
      subject: subject.slice(0, maxSubjectLength),
      trailers: parseTrailers(message),
    });
  }
  return commits;
}

interface Query {
  readonly repository: RepositoryAccess;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** An exit code that is an answer, too. */
  readonly mayExit?: number;
}

async function run(mirror: Mirror, { repository, args, signal, mayExit = 0 }: Query): Promise<GitOutcome> {
  const outcome = await mirror.git(["--git-dir", mirror.directory, ...args], { signal });
  if (outcome.end === "exit" && (outcome.exitCode === 0 || outcome.exitCode === mayExit)) return outcome;
  const said =
    outcome.end === "exit" ? outcome.stderr.trim().split("\n").at(-1) : `it has no end (${outcome.end})`;
  throw new MooringError(
    "GIT_FAILED",
    `repository ${repository.url}: its history cannot be read: ${said}; it is tried again`,
    { key: repository.url },
  );
}
