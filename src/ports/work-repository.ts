/** A Git repository on this machine, as somebody or a CI system has checked it out; it is only read. */
export interface WorkRepository {
  /** Its work tree, or the repository itself where it has none. */
  readonly directory: string;
  /** URLs of its remotes, without credentials, sorted. */
  readonly remotes: readonly string[];
  /** The commit that a branch, tag, remote branch or id names here; undefined when it names none. */
  resolve(revision: string): Promise<string | undefined>;
  /** The commit in which two histories part; undefined when they share none, or a shallow clone does not reach it. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
}
