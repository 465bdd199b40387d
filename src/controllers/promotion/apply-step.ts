import type { PromotionStatus } from "#core/promotion/index.ts";
import { decideDeadline, leftOf, shortCommit, whyNotSynced } from "#core/promotion/index.ts";
import { syncManually } from "#engine/promotion/sync-application.ts";
import { formatTime } from "#runtime/clock.ts";
import { evaluateVerification, sooner } from "./evaluate-gates.ts";
import { promotionsOf } from "./pass.ts";
import type { Step, Stepped } from "./step.ts";
import { end, wait } from "./step.ts";
import { stopsOf } from "./stopped.ts";
import { promotionFieldManager as fieldManager } from "./tell.ts";
import { findApplication } from "./view-stage.ts";
import { writePromotion } from "./write-promotion.ts";
import { takenBackBy } from "./write-step.ts";

/** Waits until the applications are synced to what was written and healthy, and until its verification agrees. */
export async function applyStep(step: Step): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const isThere = view.tip === promotion.status.commit || (await holdsCommit(step));
  if (!isThere) {
    const message = `branch ${view.stage.branch} has other content since, at ${shortCommit(view.tip ?? "nothing")}`;
    return await end(step, "Superseded", message);
  }
  const applications = notedApplications(step);
  const why = whyNotSynced(stopsOf(step));
  const deadline = decideDeadline({
    status: promotion.status,
    isGood: view.isApplied && view.status.health === "Healthy",
    wasGood: applications.every(({ appliedAt, healthyAt }) => (appliedAt && healthyAt) !== undefined),
    isStopped: why !== undefined,
    nowMs: pass.nowMs,
    formatTime,
  });
  const noted = await writePromotion(promotion, { applications, deadline }, pass);
  const on = { ...step, promotion: noted };
  if (why !== undefined && !view.isApplied) {
    const message = `waits for its applications to be synced to it: ${why}; its deadline stands still`;
    return await wait(on, message, undefined);
  }
  const late = deadlineOf(on);
  if (!view.isApplied) return await waitForSync(on, late);
  if (noted.status.phase === "Applying") {
    const message = "its applications are synced; waits for them to be healthy";
    return { promotion: await writePromotion(noted, { phase: "Verifying", message }, pass), againMs: 0 };
  }
  return view.status.health === "Healthy" ? await verify(on) : await waitForHealth(on, late);
}

async function holdsCommit({ promotion, view, pass }: Step): Promise<boolean> {
  const { commit = "" } = promotion.status;
  return (await pass.deps.contents.treeAt(view.place, { commit, signal: pass.signal })) === view.content;
}

function notedApplications({ promotion, view, pass }: Step): NonNullable<PromotionStatus["applications"]> {
  const known = promotion.status.applications ?? [];
  return view.applications.map(({ key, isApplied, isHealthy }) => {
    const [namespace = "", name = ""] = key.split("/");
    const before = known.find((one) => one.namespace === namespace && one.name === name);
    const appliedAt = before?.appliedAt ?? (isApplied ? pass.now : undefined);
    const healthyAt = before?.healthyAt ?? (isHealthy ? pass.now : undefined);
    return {
      namespace,
      name,
      ...(appliedAt === undefined ? {} : { appliedAt }),
      ...(healthyAt === undefined ? {} : { healthyAt }),
    };
  });
}

interface Left {
  readonly leftMs: number;
  readonly text: string;
}

function deadlineOf({ promotion, view, pass }: Step): Left {
  const { deadline } = promotion.status;
  const { deadlineMs } = view.stage;
  // Nothing is waited for.
  if (deadline === undefined) return { leftMs: deadlineMs, text: "" };
  const leftMs = leftOf(deadline, deadlineMs, pass.nowMs);
  return {
    // While nothing may be synced nothing is late.
    leftMs: deadline.stoppedAt === undefined ? leftMs : Number.POSITIVE_INFINITY,
    text: `within ${Math.round(deadlineMs / 1_000)}s since ${deadline.since}`,
  };
}

async function waitForSync(step: Step, { leftMs, text }: Left): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const waiting = view.applications.filter(({ isApplied }) => !isApplied).map(({ key }) => key);
  if (leftMs <= 0) return await fail(step, `${waiting.join(", ")} not synced ${text}`);
  for (const key of waiting) {
    const app = findApplication(key, pass);
    if (app === undefined) continue;
    const request = {
      promotion,
      stage: view.stage,
      cluster: pass.deps.hub.cluster,
      fieldManager,
      signal: pass.signal,
    };
    const sync = await syncManually(app, request);
    if (sync.kind === "failed") return await fail(step, sync.message);
  }
  return await wait(step, `waits for ${waiting.join(", ")} to be synced to it, ${text}`, leftMs);
}

async function waitForHealth(step: Step, { leftMs, text }: Left): Promise<Stepped> {
  const waiting = step.view.applications.filter(({ isHealthy }) => !isHealthy).map(({ key }) => key);
  if (leftMs <= 0) return await fail(step, `${waiting.join(", ")} not healthy ${text}`);
  return await wait(step, `waits for ${waiting.join(", ")} to be healthy, ${text}`, leftMs);
}

async function verify(step: Step): Promise<Stepped> {
  const { view, pass } = step;
  const { gates: verification, againMs } = await evaluateVerification(step);
  const promotion = await writePromotion(
    step.promotion,
    verification.length === 0 ? {} : { verification },
    pass,
  );
  const on = { ...step, promotion };
  const failed = verification.find(({ state }) => state === "Failed");
  if (failed !== undefined)
    return await fail(on, `verification ${failed.name}: ${failed.message ?? "failed"}`);
  const waiting = verification.filter(({ state }) => state === "Waiting");
  if (waiting.length > 0) {
    const message = `waits for verification ${waiting.map(({ name, message: said = "" }) => `${name}: ${said}`).join("; ")}`;
    return await wait(on, message, sooner(againMs, undefined));
  }
  for (const taken of takenBackBy(promotion, promotionsOf(pass, promotion.spec.stage))) {
    if (taken.status.phase === "RolledBack") continue;
    const message = `taken back by ${promotion.name}`;
    await writePromotion(taken, { phase: "RolledBack", message, rolledBackBy: promotion.name }, pass);
  }
  const commit = shortCommit(promotion.status.commit ?? "");
  return await end(
    on,
    "Succeeded",
    `stage ${view.stage.name} has ${commit}, and all its applications are healthy`,
  );
}

/** It is in the branch and not good: automation keeps from it, and it is taken back where the stage says so. */
async function fail(step: Step, message: string): Promise<Stepped> {
  const { promotion, view, pass } = step;
  const { spec, name } = promotion;
  if (spec.kind === "Promote") {
    const known = view.status.hold?.revisions ?? [];
    const hold = {
      revisions: [...new Set([spec.revision, ...known])],
      promotion: name,
      by: "mooring",
      reason: message.slice(0, 1_000),
      since: pass.now,
    };
    if (view.before?.hold?.revisions.includes(spec.revision) !== true) {
      view.status = { ...view.status, hold };
      return { promotion, againMs: 0 };
    }
  }
  return await end(step, "Failed", message);
}
