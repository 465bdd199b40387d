import type { Trailer } from "#core/commit-message/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { SigningKey } from "./git-writer.ts";

/** A commit as histories show it. */
export interface ListedCommit {
  /** Full object ids. */
  readonly commit: string;
  readonly parents: readonly string[];
  readonly author: { readonly name: string; readonly email: string };
  /** RFC 3339. */
  readonly committedAt: string;
  readonly subject: string;
  readonly trailers: readonly Trailer[];
}

export interface CommitList {
  /** Newest first. */
  readonly commits: readonly ListedCommit[];
  /** False when there are more than were asked for. */
  readonly isComplete: boolean;
}

/** Who says what when. The same of the same gives the same commit, whenever and wherever it is prepared. */
export interface Preparation {
  /** The commit that is built upon: a branch's tip. */
  readonly ours: string;
  readonly message: string;
  readonly trailers?: readonly Trailer[] | undefined;
  readonly author: { readonly name: string; readonly email: string };
  /** Milliseconds since the epoch; seconds count. */
  readonly dateMs: number;
  /** Signatures of ECDSA and DSA keys differ each time, and so do commits with them. */
  readonly signingKey?: SigningKey | undefined;
  readonly signal: AbortSignal;
}

export interface MergePreparation extends Preparation {
  readonly theirs: string;
  /**
   * Whose tree counts as that which both came from, in the place of what the histories say: what ours undid since comes back where theirs
   * has it.
   */
  readonly base?: string | undefined;
}

export interface CopyPreparation extends Preparation {
  readonly source: {
    readonly repository: RepositoryAccess;
    readonly commit: string;
    /** A folder; empty for all. */
    readonly path: string;
  };
  /** The folder that gets it; empty for all. */
  readonly to: string;
  /**
   * Paths below `to` that stay as they are and are not copied: `*` is within a name, `**` over folders, and a folder means all in it.
   */
  readonly keep?: readonly string[] | undefined;
}

export interface RestorePreparation extends Omit<Preparation, "message"> {
  /** The commit whose content comes back. */
  readonly contentOf: string;
  /** The file or folder that it is about; all unless told. */
  readonly path?: string | undefined;
  /** Says what it undoes. */
  readonly message: (undone: CommitList) => string;
}

export interface Conflict {
  readonly path: string;
  /** As git names it: `contents`, `modify/delete`, `rename/rename`… */
  readonly kind: string;
}

export interface Prepared {
  readonly commit: string;
}

export interface BranchPush {
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** Where the branch must be; undefined when there must be none of its name. */
  readonly expected: string | undefined;
  /** A commit that was prepared, or one that the repository has. */
  readonly to: string;
  /** Lets the branch lose what `to` does not hold: for branches of our own alone. */
  readonly force?: boolean | undefined;
  readonly signal: AbortSignal;
}

/**
 * What leads changes from branch to branch. `prepare…` makes a commit that nobody else has and that stays for a month; `push` leads a branch
 * to it, whenever. Throws MooringError with a `GIT_` code; messages never hold credentials.
 */
export interface GitBranches {
  /** Every branch and the commit it is at. */
  readTips(
    repository: RepositoryAccess,
    options: { readonly maxAgeMs: number; readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<string, string>>;
  /** The object id of the folder or file at a path, by which its content is the same; undefined where there is none. */
  treeAt(
    repository: RepositoryAccess,
    at: { readonly commit: string; readonly path: string; readonly signal: AbortSignal },
  ): Promise<string | undefined>;
  /** Whether one commit led to the other, or is it. */
  isAncestor(
    repository: RepositoryAccess,
    pair: { readonly ancestor: string; readonly descendant: string; readonly signal: AbortSignal },
  ): Promise<boolean>;
  /** A best commit that led to both; undefined when none did. */
  mergeBase(
    repository: RepositoryAccess,
    pair: { readonly one: string; readonly other: string; readonly signal: AbortSignal },
  ): Promise<string | undefined>;
  /** The commits that led to `from` and to none of `excluding`. */
  listCommits(
    repository: RepositoryAccess,
    query: {
      readonly from: string;
      readonly excluding: readonly string[];
      /** Only those that changed this file or folder. */
      readonly path?: string | undefined;
      /** At most 1000. */
      readonly limit: number;
      readonly signal: AbortSignal;
    },
  ): Promise<CommitList>;
  /**
   * Merges theirs into ours. Where git cannot, the places of conflicts, which are no error. Ours itself when it holds theirs already and no
   * base is named.
   */
  prepareMerge(
    repository: RepositoryAccess,
    wanted: MergePreparation,
  ): Promise<Prepared | { readonly conflicts: readonly Conflict[] }>;
  /** A merge of theirs into ours that has exactly what theirs has. */
  prepareTake(
    repository: RepositoryAccess,
    wanted: Preparation & { readonly theirs: string },
  ): Promise<Prepared>;
  /** One commit on ours in which a folder holds what another holds, of whatever commit and repository; undefined when it does already. */
  prepareCopy(repository: RepositoryAccess, wanted: CopyPreparation): Promise<Prepared | undefined>;
  /** One commit on ours that has the content of an earlier one, and what it undoes by that; undefined when nothing would change. */
  prepareRestore(
    repository: RepositoryAccess,
    wanted: RestorePreparation,
  ): Promise<(Prepared & { readonly undone: CommitList }) | undefined>;
  /**
   * Leads a branch from exactly one commit to another; `before` when it was there already. Throws GIT_MOVED for a branch that is elsewhere
   * and GIT_REJECTED for what the repository does not let through.
   */
  push(repository: RepositoryAccess, push: BranchPush): Promise<{ readonly arrived: "now" | "before" }>;
}
