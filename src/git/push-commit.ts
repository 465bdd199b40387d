import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import { gitErrorOf } from "./git-error.ts";
import type { MirrorContext } from "./mirror.ts";
import { runGit } from "./run-git.ts";
import type { GitOutcome } from "./run-git.ts";
import { scrub } from "./scrub.ts";

export interface Push {
  readonly directory: string;
  readonly repository: RepositoryAccess;
  readonly commit: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Where the branch must still be; undefined when there must be none of its name. */
  readonly expected: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Leads a branch of a repository to a commit of the mirror; gives why when the branch is not where it is expected, so that nobody's push
 * is written over. Throws GIT_REJECTED, and what talking to a repository throws.
 */
export async function pushCommit(context: MirrorContext, push: Push): Promise<string | undefined> {
  const { directory, repository, commit, branch, expected = "", environment, signal } = push;
  const ref = `refs/heads/${branch}`;
  const flags = ["--porcelain", "--no-verify", "--no-follow-tags", `--force-with-lease=${ref}:${expected}`];
  const outcome = await runGit(context, {
    args: ["--git-dir", directory, "push", ...flags, "--", repository.url, `${commit}:${ref}`],
    environment,
    cwd: context.home.directory,
    timeoutMs: context.limits.remoteTimeoutMs,
    maxOutputBytes: context.limits.maxRefsBytes,
    signal,
  });
  if (outcome.exitCode === 0) return undefined;
  const refused = /^!\t[^\t]*\t\[(?<who>remote )?rejected\] \((?<why>.*)\)$/mu.exec(
    outcome.stdout.toString("utf8"),
  )?.groups;
  if (refused === undefined) throw gitErrorOf(repository, `pushing to branch ${branch}`, outcome);
  const { who, why = "" } = refused;
  if (who === undefined || moved.test(why)) return scrub(why, repository);
  throw rejected(push, why, outcome);
}

/** What servers say when somebody else was faster. */
const moved =
  /cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info|fetch first|non-fast-forward/u;

function rejected({ repository, branch }: Push, why: string, outcome: GitOutcome): MooringError {
  const lines = outcome.stderr
    .split(/[\r\n]+/u)
    .flatMap((line) => /^remote:\s*(?<text>\S.*)$/u.exec(line)?.groups?.["text"]?.trim() ?? []);
  const said = scrub([why, ...lines.slice(0, 3)].join("; "), repository);
  return new MooringError(
    "GIT_REJECTED",
    `repository ${repository.url}: does not let a commit through to branch ${branch} (${said}); let this account push there, or write to another branch`,
    { key: repository.url },
  );
}
