import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { CommitRequest, TreeChange } from "#ports/git-writer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { isSameChange } from "./same-change.ts";
import { personOf } from "./write-commit.ts";

/** A branch that is about to be led away from its tip, to a commit. */
export interface Leading extends Pick<CommitRequest, "author" | "onlyOwn" | "signal"> {
  readonly to: string;
  readonly tip: string;
  readonly commit: string;
  readonly change: TreeChange;
}

/**
 * Whether the branch is to stay where it is: it holds this very change, or, where only own commits may be lost, files as they are to be.
 * Led anew, it would only start its pipelines and reviews again. Throws GIT_MOVED where somebody else's commit would be lost.
 */
export async function isToStay(
  host: MirrorHost,
  repository: RepositoryAccess,
  leading: Leading,
): Promise<boolean> {
  const { to, tip, commit, change, onlyOwn, signal } = leading;
  try {
    const { reader } = await host.mirrorOf(repository, tip, signal);
    const [ours, theirs] = await Promise.all([reader.contents(commit, signal), reader.contents(tip, signal)]);
    if (!ours.found || !theirs.found || ours.content === undefined || theirs.content === undefined)
      return false;
    if (isSameChange(ours.content, theirs.content)) return true;
    if (onlyOwn === undefined) return false;
    const found = readTip(theirs.content);
    const isOwn = onlyOwn.commits.includes(tip) || isBy(found, personOf(leading.author));
    const isAsWanted = await holds(await host.open(repository, tip, signal), change, signal);
    if (isAsWanted && (!isOwn || found.message === readTip(ours.content).message)) return true;
    if (isOwn) return false;
    throw new MooringError(
      "GIT_MOVED",
      `repository ${repository.url}: branch ${to} has commit ${tip.slice(0, 12)} of ${JSON.stringify(found.committer.slice(0, 200))}, which would be lost if the branch were led anew; merge it, or delete the branch to have it made again`,
      { key: repository.url },
    );
  } catch (error) {
    // Somebody took the branch away meanwhile, of which the push learns.
    if (isMooringError(error, "GIT_REVISION_NOT_FOUND")) return false;
    throw error;
  }
}

interface Tip {
  readonly author: string;
  readonly committer: string;
  readonly message: string;
}

function readTip(raw: Uint8Array): Tip {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8");
  const end = text.indexOf("\n\n");
  const header = text.slice(0, end);
  const who = (field: string) =>
    new RegExp(String.raw`^${field} (?<who>.*) -?\d+ [+-]\d{4}$`, "mu").exec(header)?.groups?.["who"] ?? "";
  return { author: who("author"), committer: who("committer"), message: text.slice(end + 2).trimEnd() };
}

/** A commit that somebody amended has another committer. */
function isBy({ author, committer }: Tip, person: string): boolean {
  return author === person && committer === person;
}

async function holds(tree: SourceTree, { files }: TreeChange, signal: AbortSignal): Promise<boolean> {
  for (const [path, content] of files) {
    const isSame =
      content === undefined
        ? (await tree.stat(path, signal)) === undefined
        : await isFile(tree, { path, content: Buffer.from(content), signal });
    if (!isSame) return false;
  }
  return true;
}

async function isFile(
  tree: SourceTree,
  {
    path,
    content,
    signal,
  }: { readonly path: string; readonly content: Buffer; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    return content.equals(await tree.read(path, { maxBytes: content.length, signal }));
  } catch (error) {
    if (isMooringError(error, "GIT_PATH_NOT_FOUND") || isMooringError(error, "GIT_TOO_LARGE")) return false;
    throw error;
  }
}
