import type { RepositoryAccess } from "#core/repo/access.ts";
import type { SourceTree } from "./source-tree.ts";

export interface ResolveOptions {
  /** A semver range considers only the tags that begin with this, and compares what follows it. */
  readonly tagPrefix?: string | undefined;
  /** An earlier ls-remote not older than this may answer; 0 asks the repository now. */
  readonly maxAgeMs: number;
  readonly signal: AbortSignal;
}

export interface CommitInfo {
  readonly author: string;
  /** RFC 3339. */
  readonly date: string;
  readonly message: string;
  readonly tags: readonly string[];
}

export interface Resolved {
  /** Full object id. */
  readonly commit: string;
  /** The ref it was found under, such as `refs/heads/main`; undefined for a plain SHA. */
  readonly ref?: string;
}

/** Bare mirrors of Git repositories. Throws MooringError with a `GIT_` code; messages never hold credentials. */
export interface GitStore extends AsyncDisposable {
  /** Turns a branch, tag, SHA (full, or short when it is already mirrored), `HEAD`, empty (HEAD) or a semver range over tags into a commit. */
  resolve(repository: RepositoryAccess, revision: string, options: ResolveOptions): Promise<Resolved>;
  /** The tree of a commit, fetched when it is missing. Works without the network for a commit already mirrored. */
  open(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<SourceTree>;
  readCommit(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<CommitInfo>;
  /** Asks the repository with these credentials; throws what is wrong with them. */
  test(repository: RepositoryAccess, signal: AbortSignal): Promise<void>;
}
