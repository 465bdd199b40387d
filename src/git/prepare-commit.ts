import { formatCommitMessage } from "#core/commit-message/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { Preparation, Prepared } from "#ports/git-branches.ts";
import type { Edit } from "./import-edits.ts";
import type { Mirror } from "./mirror.ts";
import type { MirrorHost } from "./mirror-host.ts";
import { openCommitSigner } from "./signatures/commit-signer.ts";
import type { WrittenCommit } from "./write-commit.ts";
import { writeCommit } from "./write-commit.ts";

export interface Composition {
  readonly wanted: Preparation;
  /** Asked in the mirror's turn. */
  readonly compose: () => Promise<readonly Edit[]>;
}

/** Makes a commit on ours; undefined for one that would change nothing. */
export async function prepareChange(
  host: MirrorHost,
  repository: RepositoryAccess,
  composition: Composition,
): Promise<Prepared | undefined> {
  const { ours, signal } = composition.wanted;
  const mirror = await host.mirrorOf(repository, ours, signal);
  const before = await host.rootTree(repository, ours, signal);
  await using written = await write(mirror, repository, { ...composition, parents: [ours] });
  const after = await host.rootTree(repository, written.commit, signal);
  return after === before ? undefined : await keep(mirror, written, signal);
}

/** Makes a commit that merges theirs into ours. */
export async function prepareMergeCommit(
  host: MirrorHost,
  repository: RepositoryAccess,
  composition: Composition & { readonly theirs: string },
): Promise<Prepared> {
  const { ours, signal } = composition.wanted;
  const mirror = await host.mirrorOf(repository, ours, signal);
  const parents = [ours, composition.theirs] as const;
  await using written = await write(mirror, repository, { ...composition, parents });
  return await keep(mirror, written, signal);
}

async function write(
  mirror: Mirror,
  { url }: RepositoryAccess,
  { wanted, compose, parents }: Composition & { readonly parents: readonly [string, ...string[]] },
): Promise<WrittenCommit> {
  const { author, dateMs, message, trailers = [], signingKey, signal } = wanted;
  return await writeCommit({
    mirror,
    url,
    parents,
    message: formatCommitMessage(message, trailers),
    author,
    dateMs,
    sign: signingKey === undefined ? undefined : await openCommitSigner(signingKey, dateMs),
    compose,
    signal,
  });
}

/** It stays in the mirror until it is old. */
async function keep(mirror: Mirror, { commit }: WrittenCommit, signal: AbortSignal): Promise<Prepared> {
  await mirror.inTurn(async () => await mirror.keepPrepared(commit, signal));
  return { commit };
}
