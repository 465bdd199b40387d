import type { ApplicationSource } from "#core/app/index.ts";
import type { WorkRepository } from "#ports/work-repository.ts";
import { usageError } from "../usage-error.ts";
import type { PreviewValues } from "./flags.ts";

/** The two commits that are compared. */
export interface Range {
  readonly base: string;
  readonly head: string;
  /** As it was asked for. */
  readonly baseName: string;
  readonly notes: readonly string[];
}

/** Throws CLI_USAGE for revisions that are not there. */
export async function findRange(repository: WorkRepository, flags: PreviewValues): Promise<Range> {
  const { base: baseName, head: headName = "HEAD" } = flags;
  if (baseName === undefined)
    throw usageError("preview needs --base REF; write: mooring preview --base origin/main");
  const base = await commitOf(repository, "--base", baseName);
  const head = await commitOf(repository, "--head", headName);
  if (flags["merge-base"] === false) return { base, head, baseName, notes: [] };
  const parted = await repository.mergeBase(base, head);
  const note =
    "the commit in which base and head part is not in this clone, so base itself is compared; fetch more history";
  return { base: parted ?? base, head, baseName, notes: parted === undefined ? [note] : [] };
}

async function commitOf(repository: WorkRepository, flag: string, name: string): Promise<string> {
  const commit = await repository.resolve(name);
  if (commit !== undefined) return commit;
  const fix = "fetch it (git fetch origin BRANCH) or correct the name";
  throw usageError(`flag ${flag}: ${name} is no commit of ${repository.directory}; ${fix}`);
}

/**
 * Which sources the change will reach when it is merged: those that follow HEAD or the branch that --base names. A base that is given as
 * a commit names no branch: then every source that is not pinned to a commit or version counts.
 */
export function followedBy(
  { baseName }: Pick<Range, "baseName">,
  flags: Pick<PreviewValues, "target-revision">,
): (source: ApplicationSource) => boolean {
  const branch = branchOf(baseName);
  const named = new Set(["", "HEAD", branch, ...flags["target-revision"]]);
  const isAny = isCommit(baseName) && flags["target-revision"].length === 0;
  return ({ targetRevision = "" }) =>
    named.has(branchOf(targetRevision)) || (isAny && !isCommit(targetRevision) && !isVersion(targetRevision));
}

function branchOf(name: string): string {
  return name.replace(/^refs\/(?:heads|remotes)\//u, "").replace(/^(?:origin|upstream)\//u, "");
}

function isCommit(name: string): boolean {
  return /^[0-9a-f]{7,64}$/u.test(name) || /[~^@]/u.test(name);
}

function isVersion(name: string): boolean {
  return (
    /^[v~^<>=]*\d+(?:\.[\dx*]+)*(?:[-+ ].*)?$/u.test(name) ||
    name.includes("*") ||
    name.startsWith("refs/tags/")
  );
}
