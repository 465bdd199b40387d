import { isMooringError } from "#core/errors/index.ts";
import type { Promotion } from "#core/promotion/index.ts";
import {
  hasEnded,
  isHeld,
  isUnderWay,
  nextAttempt,
  promotionName,
  promotionsOfCommits,
  revertedCommits,
  shortCommit,
  writtenPromotions,
} from "#core/promotion/index.ts";
import { isGatedStage } from "#core/promotion/sync-gate.ts";
import type { ListedCommit } from "#ports/git-branches.ts";
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
  if (!isGatedStage(stage) || before === undefined || tip === undefined) return undefined;
  if (content === undefined || content === before.content) return undefined;
  const promotions = promotionsOf(pass, stage.name);
  if (await isOurs(view, promotions, pass)) return undefined;
  const commits = await pushedCommits(view, tip, pass);
  const back = await takenBack(view, commits, pass);
  const username = commits[0]?.author.name ?? "git";
  // A crash after the promotion was made left nothing of the hold behind.
  if (back.length > 0) holdReverted(view, back, { by: username, tip, now: pass.now });
  const same = promotions.filter(({ spec }) => spec.revision === tip && spec.cause === "Git");
  const known = same.find((one) => !hasEnded(one) || one.createdAt > (before.since ?? ""));
  if (known !== undefined) {
    view.status = { ...view.status, promotion: known.name };
    return undefined;
  }
  const kind = back.length > 0 && (await isBack(view, back, pass)) ? "Rollback" : "Promote";
  const attempt =
    nextAttempt(promotions.filter(({ spec }) => spec.revision === tip && spec.kind === kind)) ?? 1;
  const [newest] = commits;
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
    const tree = await contentOf(view.place, status.commit, pass);
    if (tree !== undefined && tree === view.content) return true;
  }
  return false;
}

/** What a push brought, newest first; of one that replaced what was there only its tip is known to be new. */
async function pushedCommits(
  { place, before }: StageView,
  tip: string,
  { deps, signal }: Pass,
): Promise<readonly ListedCommit[]> {
  const list = async (excluding: readonly string[], limit: number) =>
    (await deps.branches.listCommits(place.access, { from: tip, excluding, limit, signal })).commits;
  if (before?.tip === undefined) return await list([], maxCommits);
  try {
    return await list([before.tip], maxCommits);
  } catch (error) {
    if (!isMooringError(error, "GIT_REVISION_NOT_FOUND")) throw error;
    return await list([], 1);
  }
}

/** The promotions that the pushed commits say they revert. */
async function takenBack(
  { place, stage }: StageView,
  commits: readonly ListedCommit[],
  pass: Pass,
): Promise<readonly Promotion[]> {
  const reverted: string[] = [];
  for (const { commit } of commits) {
    const { message } = await pass.deps.git.readCommit(place.access, commit, pass.signal);
    reverted.push(...revertedCommits(message));
  }
  return promotionsOfCommits(reverted, writtenPromotions(promotionsOf(pass, stage.name)));
}

/** A message says anything: what is pushed leads back only when the stage had exactly that before, let through by its gates or from the beginning. */
async function isBack(
  { place, stage, content, before }: StageView,
  back: readonly Promotion[],
  pass: Pass,
): Promise<boolean> {
  if (content === undefined) return false;
  if (content === before?.baseline) return true;
  const undone = new Set(back.flatMap(({ spec, status }) => [spec.revision, status.commit]));
  const good = writtenPromotions(promotionsOf(pass, stage.name)).filter(
    ({ spec, status }) =>
      isGood(status.phase) && !undone.has(spec.revision) && !isHeld(before?.hold, spec.revision),
  );
  for (const { status } of good)
    if ((await contentOf(place, status.commit ?? "", pass)) === content) return true;
  return false;
}

function isGood(phase: Promotion["status"]["phase"]): boolean {
  return phase === "Succeeded" || phase === "Superseded";
}

/** Undefined also for a commit that is gone: nothing is like it. */
async function contentOf(
  place: StageView["place"],
  commit: string,
  { deps, signal }: Pass,
): Promise<string | undefined> {
  try {
    return await deps.contents.treeAt(place, { commit, signal });
  } catch (error) {
    if (isMooringError(error, "GIT_REVISION_NOT_FOUND")) return undefined;
    throw error;
  }
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
