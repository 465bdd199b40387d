import type { Promotion } from "#core/promotion/index.ts";
import {
  hasEnded,
  isUnderWay,
  nextAttempt,
  promotionName,
  promotionsOfCommits,
  revertedCommits,
  shortCommit,
  writtenPromotions,
} from "#core/promotion/index.ts";
import type { Pass, StageView } from "./pass.ts";
import { promotionsOf } from "./pass.ts";
import { createPromotion } from "./write-promotion.ts";

/** So many commits of one push are read for what they revert. */
const maxCommits = 50;

/**
 * Records what somebody pushed to a stage by plain git as a promotion, which waits for the same gates; a revert holds what it undoes. What a stage has when
 * it is seen first is its beginning.
 */
export async function noticePush(view: StageView, pass: Pass): Promise<Promotion | undefined> {
  const { stage, before, content, tip } = view;
  const isGated = stage.after.length > 0 || stage.gates.length > 0;
  if (!isGated || before === undefined || tip === undefined) return undefined;
  if (content === undefined || content === before.content) return undefined;
  const promotions = promotionsOf(pass, stage.name);
  if (await isOurs(view, promotions, pass)) return undefined;
  const same = promotions.filter(({ spec }) => spec.revision === tip && spec.cause === "Git");
  const known = same.find((one) => !hasEnded(one) || one.createdAt > (before.since ?? ""));
  if (known !== undefined) {
    view.status = { ...view.status, promotion: known.name };
    return undefined;
  }
  const { commits } = await pass.deps.branches.listCommits(view.place.access, {
    from: tip,
    excluding: before.tip === undefined ? [] : [before.tip],
    limit: maxCommits,
    signal: pass.signal,
  });
  const reverted = await revertedBy(
    commits.map(({ commit }) => commit),
    view,
    pass,
  );
  const back = promotionsOfCommits(reverted, writtenPromotions(promotions));
  const kind = back.length > 0 ? "Rollback" : "Promote";
  const attempt =
    nextAttempt(promotions.filter(({ spec }) => spec.revision === tip && spec.kind === kind)) ?? 1;
  const [newest] = commits;
  const username = newest?.author.name ?? "git";
  if (back.length > 0) holdReverted(view, back, { by: username, tip, now: pass.now });
  const reason = `pushed to branch ${stage.branch} by git: ${newest?.subject ?? shortCommit(tip)}`;
  // Without a promotion it would be taken for what the stage had from the beginning.
  const promotion = promotionName({
    pipeline: pass.pipeline.name,
    stage: stage.name,
    kind,
    revision: tip,
    attempt,
  });
  view.status = { ...view.status, promotion };
  return await createPromotion(
    { stage: stage.name, kind, cause: "Git", revision: tip, attempt, username, reason: cleanText(reason) },
    pass,
  );
}

/** A promotion may be below what was pushed on top of it; that alone is no push of somebody else. */
async function isOurs(view: StageView, promotions: readonly Promotion[], pass: Pass): Promise<boolean> {
  const open = promotions.filter(({ status }) => isUnderWay(status.phase) || status.writtenAt !== undefined);
  for (const { status } of open) {
    if (status.commit === undefined) continue;
    if (status.commit === view.tip) return true;
    if (!isUnderWay(status.phase)) continue;
    const tree = await pass.deps.contents.treeAt(view.place, { commit: status.commit, signal: pass.signal });
    if (tree === view.content) return true;
  }
  return false;
}

async function revertedBy(
  commits: readonly string[],
  { place }: StageView,
  { deps, signal }: Pass,
): Promise<readonly string[]> {
  const reverted: string[] = [];
  for (const commit of commits) {
    const { message } = await deps.git.readCommit(place.access, commit, signal);
    reverted.push(...revertedCommits(message));
  }
  return reverted;
}

interface Revert {
  readonly by: string;
  readonly tip: string;
  readonly now: string;
}

function holdReverted(view: StageView, back: readonly Promotion[], { by, tip, now }: Revert): void {
  const known = view.status.hold?.revisions ?? [];
  const [newest] = back;
  view.status = {
    ...view.status,
    hold: {
      revisions: [...new Set([...back.map(({ spec }) => spec.revision), ...known])],
      ...(newest === undefined ? {} : { promotion: newest.name }),
      by,
      reason: `reverted by ${shortCommit(tip)}`,
      since: now,
    },
  };
}

/** As the API takes reasons: one line that can be printed. */
function cleanText(text: string): string {
  return text.replaceAll(/[^\P{C}]/gu, " ").slice(0, 1_000);
}
