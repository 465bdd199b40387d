import type { RepositoryAccess } from "#core/repo/access.ts";

export interface CommitQuestion {
  /** An id, at least the first seven letters of one, a branch or a tag. */
  readonly commit: string;
  /** Full ids of commits that may contain it, the newest first. */
  readonly revisions: readonly string[];
  /** Also asks the repository for a whole id that none of those leads to. */
  readonly isThorough: boolean;
  readonly signal: AbortSignal;
}

/** A commit, and where it went. */
export interface TracedCommit {
  /** Full object id. */
  readonly commit: string;
  readonly author: string;
  /** RFC 3339, when it was written. */
  readonly date: string;
  readonly message: string;
  /** Those of the revisions that are this commit or come after it. */
  readonly within: readonly string[];
  /** Those of the revisions that the repository has no more. */
  readonly lost: readonly string[];
  /** Files that it changes against its first parent; undefined when there are too many, or the parent cannot be had. */
  readonly changed: readonly string[] | undefined;
}

/** What led to what, in bare mirrors that have commits without their files. Throws `GIT_` errors; messages never hold credentials. */
export interface GitHistory {
  /** Undefined when the repository does not have the commit. */
  traceCommit(repository: RepositoryAccess, question: CommitQuestion): Promise<TracedCommit | undefined>;
}
