import { isMooringError } from "#core/errors/index.ts";
import type { PromotionStatus } from "#core/promotion/index.ts";
import { rollbackTarget, shortCommit } from "#core/promotion/index.ts";
import { planChange } from "#engine/promotion/plan-change.ts";
import type { Change } from "#engine/promotion/prepare-change.ts";
import { prepareChange, prepareRollback } from "#engine/promotion/prepare-change.ts";
import { broughtBy } from "./brought-commits.ts";
import { ownApplications } from "./own-applications.ts";
import { formatTime } from "#runtime/clock.ts";
import { promotionsOf, sourceOf } from "./pass.ts";
import { signingKeyOf } from "./signing-key.ts";
import type { Step, Stepped } from "./step.ts";
import { end, retryMs, wait } from "./step.ts";
import { writePromotion } from "./write-promotion.ts";

/** Makes the commit that the promotion would push, and its plan. */
export async function prepareStep(step: Step): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const { base = view.tip, dateMs } = momentOf(step);
  const change = await changeOf(step, { base, dateMs });
  if (change.kind === "impossible") return await end(step, "Failed", change.message);
  const { commit } = change;
  try {
    const { contents: _, ...tools } = pass.deps;
    const plan = await planChange(
      { ...tools, applications: ownApplications(pass) },
      { stage: view.stage, commit, signal: pass.signal },
    );
    const prepared: Partial<PromotionStatus> = {
      phase: "Waiting",
      startedAt: promotion.status.startedAt ?? pass.now,
      ...(base === undefined ? {} : { base }),
      commit,
      commitDate: formatTime(dateMs),
      ...(await broughtBy(step, base)),
      plan,
      message: `planned: ${plan.applications.map(({ name, summary, problem }) => `${name}: ${summary ?? problem ?? ""}`).join("; ")}`,
    };
    return { promotion: await writePromotion(promotion, prepared, pass), againMs: 0 };
  } catch (error) {
    if (!isMooringError(error) || error.code.startsWith("KUBE_CONFLICT")) throw error;
    const isWrong = error.code.startsWith("RENDER_") && error.retry === "never";
    const message = `${shortCommit(promotion.spec.revision)} cannot be planned: ${error.message}`;
    if (isWrong) return await end(step, "Failed", message);
    return await wait(step, message, retryMs);
  }
}

/** The same inputs as before give the same commit, as long as the branch is where it was. */
function momentOf({ promotion, view, pass }: Step): {
  readonly base: string | undefined;
  readonly dateMs: number;
} {
  const { base, commitDate } = promotion.status;
  const isSame = base === view.tip && commitDate !== undefined;
  return { base: view.tip, dateMs: isSame ? Date.parse(commitDate) : pass.nowMs };
}

interface Moment {
  readonly base: string | undefined;
  readonly dateMs: number;
}

/** Also for what was recorded and has to be made again. */
export async function changeOf(step: Step, { base, dateMs }: Moment): Promise<Change> {
  const { promotion, view, views, pass } = step;
  const { spec } = promotion;
  const { branches } = pass.deps;
  if (spec.cause === "Git") return { kind: "ready", commit: spec.revision };
  const source = sourceOf(view.stage, views) ?? view;
  const { signal } = pass;
  // A rollback does not wait for the repository that the revision came from.
  const commit =
    spec.kind === "Promote"
      ? await pass.deps.contents.commitAt(source.place, { commit: spec.revision, signal })
      : undefined;
  const request = {
    promotion,
    promotions: promotionsOf(pass, spec.stage),
    stage: view.stage,
    source: source.place,
    access: view.place.access,
    base,
    holds: view.status.revision,
    subject: commit?.subject ?? "",
    author: pass.pipeline.author,
    dateMs,
    signingKey: await signingKeyOf(pass),
    signal,
  };
  if (spec.kind === "Promote") return await prepareChange(branches, request);
  const target = rollbackTarget(spec.rollbackTo, promotionsOf(pass, spec.stage));
  if (target === undefined) {
    const message = `stage ${spec.stage} has had nothing before that could come back; promote another revision instead`;
    return { kind: "impossible", message };
  }
  return await prepareRollback(branches, { ...request, target });
}
