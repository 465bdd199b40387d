/**
 * Git repositories as bare mirrors, through the `git` program. What holds:
 *
 * - A repository is listed once for all who ask at the same time or accept an answer of that age; a failure answers for a
 *   short while. Only the commit that is asked for is fetched, without history, and only objects that are missing.
 * - All reading goes through one `git cat-file` for each mirror; nothing is ever checked out.
 * - Every operation has a time and a size limit and a lane; a repository that hangs, lies or floods holds up only itself.
 * - Credentials are in files without a name (docs/adr/0005-git-credentials.md); a mirror is shown only to credentials that the
 *   repository accepted.
 * - The directory is a cache: leftovers of a crash are removed, a damaged mirror is fetched anew, and two processes with
 *   one directory do not share mirrors.
 */
export { openDirectoryTree } from "./directory-tree.ts";
export type { GitLimits } from "./options.ts";
export { startGitStore } from "./start-git-store.ts";
export { openWorkRepository } from "./work-repository.ts";
