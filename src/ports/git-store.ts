import type { IntegrityPolicy } from "#core/integrity/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { SourceTree } from "./source-tree.ts";

export interface ResolveOptions {
  /** A semver range considers only the tags that begin with this, and compares what follows it. */
  readonly tagPrefix?: string | undefined;
  /** An earlier ls-remote not older than this may answer; 0 asks the repository now. */
  readonly maxAgeMs: number;
  /** While the repository cannot be reached, what it last answered will do, however old, a restart in between. */
  readonly orKnown?: boolean | undefined;
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

/** A commit and how it was asked for. */
export interface SignedRevision {
  /** Full object id. */
  readonly commit: string;
  readonly targetRevision: string;
  readonly tagPrefix: string;
}

/** What people may name as a revision, sorted. */
export interface NamedRefs {
  readonly branches: readonly string[];
  readonly tags: readonly string[];
}

/** Bare mirrors of Git repositories. Throws MooringError with a `GIT_` code; messages never hold credentials. */
export interface GitStore extends AsyncDisposable {
  /** Turns a branch, tag, SHA (full, or short when it is already mirrored), `HEAD`, empty (HEAD) or a semver range over tags into a commit. */
  resolve(repository: RepositoryAccess, revision: string, options: ResolveOptions): Promise<Resolved>;
  /** The tree of a commit, fetched when it is missing. Works without the network for a commit already mirrored. */
  open(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<SourceTree>;
  readCommit(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<CommitInfo>;
  /**
   * Why a commit is not signed as the policy asks, with the fix; undefined when it is. `revision` is the target revision that led to it:
   * an annotated tag must be signed itself. Throws `GIT_` errors when that cannot be found out.
   */
  checkSignatures(
    repository: RepositoryAccess,
    revision: SignedRevision,
    options: { readonly policy: IntegrityPolicy; readonly signal: AbortSignal },
  ): Promise<string | undefined>;
  /** The branches and tags of a repository, without the network where an earlier listing is young enough. */
  listRefs(
    repository: RepositoryAccess,
    options: { readonly maxAgeMs: number; readonly signal: AbortSignal },
  ): Promise<NamedRefs>;
  /** Asks the repository with these credentials; throws what is wrong with them. */
  test(repository: RepositoryAccess, signal: AbortSignal): Promise<void>;
}
