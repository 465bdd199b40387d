import type { RepositoryAccess } from "#core/repo/access.ts";
import type { SourceTree } from "./source-tree.ts";

/** What a commit changes, and what it says. */
export interface TreeChange {
  /** Whole files by their path; undefined for one that is to be gone. */
  readonly files: ReadonlyMap<string, string | Uint8Array | undefined>;
  readonly message: string;
}

/** A private key: armored PGP, or SSH without a passphrase. */
export interface SigningKey {
  readonly key: string;
  /** Of a PGP key. */
  readonly passphrase?: string | undefined;
}

export interface CommitRequest {
  /** Whose tip the commit is built upon. */
  readonly branch: string;
  /** What `branch` begins with where it is not there: the tip of this branch, or nothing where that is not there either. It must be there unless told. */
  readonly startsFrom?: string | undefined;
  /** The branch that gets the commit; `branch` unless told. Another one is made, or led here from wherever it was. */
  readonly to?: string | undefined;
  readonly author: { readonly name: string; readonly email: string };
  /** `to` is led away only from a commit of this author, or from one of these; what others committed to it is not lost. Any may be unless told. */
  readonly onlyOwn?: { readonly commits: readonly string[] } | undefined;
  /** Signs the commit. */
  readonly signingKey?: SigningKey | undefined;
  /** What to change in a tree; undefined for nothing. Asked again about the new tree when the branch moved meanwhile. */
  readonly change: (tree: SourceTree, signal: AbortSignal) => Promise<TreeChange | undefined>;
  readonly signal: AbortSignal;
}

export interface Committed {
  /** Full object ids. */
  readonly commit: string;
  /** Undefined for the first one of a branch that began with nothing. */
  readonly parent: string | undefined;
  /** False for one that `to` held already: the same change of the same commit. */
  readonly isNew: boolean;
}

/** Writes to repositories. Throws MooringError with a `GIT_` code; messages never hold credentials. */
export interface GitWriter {
  /**
   * Writes one commit to a branch, without a checkout; undefined when there is nothing to change. Nothing of what others push meanwhile is
   * lost: a branch that moved is built upon anew. Throws GIT_REJECTED for what the repository does not let through, GIT_MOVED for `onlyOwn`.
   */
  commit(repository: RepositoryAccess, request: CommitRequest): Promise<Committed | undefined>;
}
