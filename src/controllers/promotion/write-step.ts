import { isMooringError } from "#core/errors/index.ts";
import { parseTime } from "#core/cron/index.ts";
import type { Promotion } from "#core/promotion/index.ts";
import { rollbackTarget, shortCommit, takenBack, whyNotWritten } from "#core/promotion/index.ts";
import { promotionsOf } from "./pass.ts";
import { changeOf } from "./prepare-step.ts";
import { mergeStep } from "./propose-step.ts";
import type { Step, Stepped } from "./step.ts";
import { end, retryMs, wait } from "./step.ts";
import { refreshApplications } from "./refresh-applications.ts";
import { brokenRelease } from "./release.ts";
import { stopsOf } from "./stopped.ts";
import { writePromotion } from "./write-promotion.ts";

/**
 * Leads the branch to the commit that the status names since before. What a crash left open is found so: a branch that is there already was led
 * there by this promotion.
 */
export async function writeStep(step: Step): Promise<Stepped> {
  const { promotion, view, pass } = step;
  if (!holdsWhatItTakesBack(step)) return { promotion, againMs: 0 };
  const { base, commit = "" } = promotion.status;
  if (promotion.spec.cause === "Git" || commit === base || view.tip === commit) return await written(step);
  const broken = brokenRelease(promotion, pass);
  if (broken !== undefined && !isProposed(step)) return await end(step, "Failed", broken);
  if (view.stage.write.pullRequest === undefined) {
    const why = whyNotWritten(stopsOf(step));
    if (why !== undefined) return await wait(step, `is not written yet: ${why}`, undefined);
  }
  try {
    if (view.stage.write.pullRequest !== undefined) return await mergeStep(step, written);
    await push(step);
    return await written(step);
  } catch (error) {
    if (!isMooringError(error)) throw error;
    if (error.code === "GIT_MOVED") return await moved(step);
    if (error.code === "GIT_REJECTED") return await end(step, "Failed", error.message);
    if (error.retry === "bug" || error.code.startsWith("KUBE_")) throw error;
    return await wait(step, `cannot be pushed yet: ${error.message}`, retryMs);
  }
}

/** People or the forge may have merged it already. */
function isProposed({ promotion, view }: Step): boolean {
  return view.stage.write.pullRequest !== undefined && promotion.status.proposal !== undefined;
}

async function push(step: Step): Promise<void> {
  const { promotion, view, pass } = step;
  const { branches } = pass.deps;
  const { base, commit = "", commitDate = "" } = promotion.status;
  const wanted = { branch: view.stage.branch, expected: base, to: commit, signal: pass.signal };
  try {
    await branches.push(view.place.access, wanted);
  } catch (error) {
    if (!isMooringError(error, "GIT_REVISION_NOT_FOUND")) throw error;
    // The mirror that held the commit is gone: the same inputs give it again.
    const change = await changeOf(step, { base, dateMs: parseTime(commitDate) ?? pass.nowMs });
    if (change.kind !== "ready" || change.commit !== commit) throw error;
    await branches.push(view.place.access, wanted);
  }
}

/** Somebody was faster: what was pushed before the crash may be below it. */
async function moved(step: Step): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const { commit = "" } = promotion.status;
  const tips = await pass.deps.branches.readTips(view.place.access, { maxAgeMs: 0, signal: pass.signal });
  const tip = tips.get(view.stage.branch);
  const isBelow = tip !== undefined && (await isBelowTip(commit, tip, step));
  if (isBelow) return await written(step);
  const message = `branch ${view.stage.branch} has moved to ${shortCommit(tip ?? "nothing")} before it was pushed; it is prepared anew, and approvals count as long as the plan is the same`;
  return { promotion: await writePromotion(promotion, { phase: "Pending", message }, pass), againMs: 0 };
}

async function isBelowTip(commit: string, tip: string, { view, pass }: Step): Promise<boolean> {
  const pair = { ancestor: commit, descendant: tip, signal: pass.signal };
  try {
    return await pass.deps.branches.isAncestor(view.place.access, pair);
  } catch (error) {
    // What the repository does not have never arrived there.
    if (isMooringError(error, "GIT_REVISION_NOT_FOUND")) return false;
    throw error;
  }
}

async function written(step: Step): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const message = `${shortCommit(promotion.status.commit ?? "")} is on branch ${view.stage.branch}; waits for its applications to be synced to it`;
  const told = await writePromotion(
    promotion,
    { phase: "Applying", writtenAt: promotion.status.writtenAt ?? pass.now, message },
    pass,
  );
  await supersedeOlder({ ...step, promotion: told });
  await refreshApplications(view, pass);
  pass.deps.noticeNews(view.stage.repoUrl);
  return { promotion: told, againMs: 0 };
}

/** What was still being applied or verified is not there any more. */
async function supersedeOlder({ promotion, pass }: Step): Promise<void> {
  for (const other of promotionsOf(pass, promotion.spec.stage)) {
    const { phase = "Pending" } = other.status;
    if (other.name === promotion.name || !["Proposed", "Applying", "Verifying"].includes(phase)) continue;
    const message = `${promotion.name} took its place`;
    await writePromotion(other, { phase: "Superseded", message, finishedAt: pass.now }, pass);
  }
}

/** The promotions that a rollback takes back; none of anything else. */
export function takenBackBy(promotion: Promotion, promotions: readonly Promotion[]): readonly Promotion[] {
  if (promotion.spec.kind !== "Rollback" || promotion.spec.cause === "Git") return [];
  const others = promotions.filter(({ name }) => name !== promotion.name);
  const target = rollbackTarget(promotion.spec.rollbackTo, others);
  return target === undefined ? [] : takenBack(target, others);
}

/** The hold is there before the branch is led back: automation must not bring the revision again in between. */
function holdsWhatItTakesBack({ promotion, view, pass }: Step): boolean {
  const back = takenBackBy(promotion, promotionsOf(pass, promotion.spec.stage));
  const revisions = [...new Set(back.map(({ spec }) => spec.revision))];
  const [newest] = back;
  if (newest === undefined) return true;
  const known = view.before?.hold?.revisions ?? [];
  if (revisions.every((revision) => known.includes(revision))) return true;
  const { requestedBy, reason = "" } = promotion.spec;
  view.status = {
    ...view.status,
    hold: {
      revisions: [...new Set([...revisions, ...known])],
      promotion: newest.name,
      by: requestedBy.username,
      reason: reason === "" ? `rolled back by ${promotion.name}` : reason,
      since: pass.now,
    },
  };
  return false;
}
