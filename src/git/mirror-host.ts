import type { RepositoryAccess } from "#core/repo/access.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Mirror } from "./mirror.ts";
import type { RemoteContext } from "./remote.ts";

/** The mirrors of a store, for what writes to them; each shows a mirror only to those whom the repository lets in. */
export interface MirrorHost {
  readonly remotes: RemoteContext;
  open(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<SourceTree>;
  /** The mirror, with this commit and its files in it. */
  mirrorOf(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<Mirror>;
  /** The mirror, whatever is in it, for a repository whose ids are as long as this one. */
  emptyMirror(repository: RepositoryAccess, id: string | undefined, signal: AbortSignal): Promise<Mirror>;
  /** The mirror where this commit was prepared; undefined for any other commit. */
  preparedIn(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<Mirror | undefined>;
  /** The root tree of a commit. */
  rootTree(repository: RepositoryAccess, commit: string, signal: AbortSignal): Promise<string>;
  /** The mirror that has this commit and all that led to it, with their directories or without, and no files. */
  historyOf(repository: RepositoryAccess, wanted: HistoryRequest): Promise<Mirror>;
}

export interface HistoryRequest {
  readonly commits: readonly string[];
  readonly extent: "commits" | "directories";
  readonly signal: AbortSignal;
}
