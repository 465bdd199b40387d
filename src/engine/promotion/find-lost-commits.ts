import { writtenPromotions } from "#core/promotion/index.ts";
import type { GitBranches, ListedCommit } from "#ports/git-branches.ts";
import type { ChangeRequest } from "./prepare-change.ts";
import { unlessGone } from "./unless-gone.ts";

/** So far back upstream what the branch has is looked for. */
const maxUpstream = 50;
const shownCommits = 10;

type Question = ChangeRequest & { readonly base: string };

/**
 * The commits whose changes would be gone if the branch took a revision's content: none where the branch has what upstream has or had, since then a
 * promotion brought it or something was taken back. Newest first, the first few.
 */
export async function findLostCommits(
  branches: GitBranches,
  question: Question,
): Promise<readonly ListedCommit[]> {
  const { access, base, promotion, signal } = question;
  const content = await branches.treeAt(access, { commit: base, path: "", signal });
  for await (const commit of upstreamCommits(branches, question))
    if ((await treeOf(commit, branches, question)) === content) return [];
  const { commits } = await branches.listCommits(access, {
    from: base,
    excluding: [promotion.spec.revision],
    limit: shownCommits,
    signal,
  });
  return commits;
}

/** Those that led to the revision, or that were promoted from upstream before its history was written anew; the likely ones first. */
async function* upstreamCommits(branches: GitBranches, question: Question): AsyncGenerator<string> {
  const { access, base, holds, promotion, promotions, signal } = question;
  const { revision } = promotion.spec;
  const written = writtenPromotions(promotions);
  for (const { spec } of written) if (spec.kind === "Promote" && spec.cause !== "Git") yield spec.revision;
  const shared = await branches.mergeBase(access, { one: base, other: revision, signal });
  if (shared === undefined) return;
  yield shared;
  const known = [holds, ...written.flatMap(({ spec, status }) => [status.base, spec.revision])];
  for (const commit of new Set(known))
    if (commit !== undefined && (await ledTo(commit, branches, question))) yield commit;
  const recent = await branches.listCommits(access, {
    from: shared,
    excluding: [],
    limit: maxUpstream,
    signal,
  });
  for (const { commit } of recent.commits) yield commit;
}

async function ledTo(ancestor: string, branches: GitBranches, question: Question): Promise<boolean> {
  const { access, promotion, signal } = question;
  const pair = { ancestor, descendant: promotion.spec.revision, signal };
  return (await unlessGone(branches.isAncestor(access, pair))) ?? false;
}

async function treeOf(
  commit: string,
  branches: GitBranches,
  { access, signal }: Question,
): Promise<string | undefined> {
  return await unlessGone(branches.treeAt(access, { commit, path: "", signal }));
}
