export interface TreeEntry {
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "submodule";
  /** Git object id; two entries with the same id have the same content. */
  readonly oid: string;
  readonly executable: boolean;
}

/**
 * A read-only tree of files at one commit. Paths use `/`, are relative to the root, and the root is the empty string;
 * a path that climbs out of the tree is missing. Symbolic links are not followed: a symlink is an entry whose content is its target.
 */
export interface SourceTree {
  /** The commit's full object id. */
  readonly revision: string;
  /** The entry at a path; undefined when missing. The root is a directory. */
  stat(path: string, signal: AbortSignal): Promise<TreeEntry | undefined>;
  /** Entries of a directory sorted by name; undefined when the path is missing or no directory. */
  list(path: string, signal: AbortSignal): Promise<readonly TreeEntry[] | undefined>;
  /** Content of a file or a symlink's target; throws GIT_PATH_NOT_FOUND, or GIT_TOO_LARGE before reading more than maxBytes. */
  read(
    path: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array>;
}
