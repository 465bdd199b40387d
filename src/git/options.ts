import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";

export interface GitLimits {
  /** Bytes that one fetch may bring; more ends it with GIT_TOO_LARGE. */
  readonly maxFetchBytes?: number;
  /** Bytes of one object that is read to be understood: a commit or a directory. Files have the limit of who reads them. */
  readonly maxObjectBytes?: number;
  /** Bytes that the list of a repository's refs may have. */
  readonly maxRefsBytes?: number;
  /** Time for one fetch. */
  readonly remoteTimeoutMs?: number;
  /** Time for one listing of refs. */
  readonly listTimeoutMs?: number;
  /** Operations against remote repositories at the same time. */
  readonly concurrency?: number;
  /** How long a failed listing answers for its repository, whoever asks. */
  readonly failureMemoryMs?: number;
  /** `git cat-file` processes at the same time. */
  readonly maxReaders?: number;
  /** A reader unused for so long is ended. */
  readonly readerIdleMs?: number;
  /** Commits that a mirror keeps at the least; older ones go when they were not used for `keepCommitsMs`. */
  readonly keepCommits?: number;
  readonly keepCommitsMs?: number;
  /** Commits that were prepared go after so long. */
  readonly keepPreparedMs?: number;
  /** Directory listings held in memory, as estimated bytes. */
  readonly treeCacheBytes?: number;
}

export type ResolvedGitLimits = Readonly<Required<GitLimits>>;

export interface GitStoreOptions {
  /** Holds the mirrors; a cache, may be deleted when no process uses it. Created with mode 0700. */
  readonly directory: string;
  /** The git program, at least 2.36; `git` from PATH by default. */
  readonly gitProgram?: string;
  readonly clock: Clock;
  readonly limits?: GitLimits;
  readonly log?: Log;
  /** Ends every operation and process of the store. */
  readonly signal: AbortSignal;
}

const MiB = 1024 * 1024;

const defaults: ResolvedGitLimits = {
  maxFetchBytes: 1024 * MiB,
  maxObjectBytes: 64 * MiB,
  maxRefsBytes: 64 * MiB,
  remoteTimeoutMs: 90_000,
  listTimeoutMs: 15_000,
  concurrency: 16,
  failureMemoryMs: 10_000,
  maxReaders: 64,
  readerIdleMs: 120_000,
  keepCommits: 50,
  keepCommitsMs: 3_600_000,
  keepPreparedMs: 30 * 86_400_000,
  treeCacheBytes: 64 * MiB,
};

/** Fills in the defaults; throws CONFIG_INVALID for a limit that is not a positive number. */
export function resolveGitLimits(limits: GitLimits = {}): ResolvedGitLimits {
  const resolved = { ...defaults, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!(value > 0)) {
      throw new MooringError("CONFIG_INVALID", `git limit ${name}: ${value} is not a positive number`);
    }
  }
  return Object.freeze(resolved);
}
