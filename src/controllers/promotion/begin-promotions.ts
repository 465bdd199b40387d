import type { Promotion } from "#core/promotion/index.ts";
import {
  decideAutomation,
  decideCandidate,
  hasEnded,
  isHeld,
  nextAttempt,
  rollbackTarget,
  spentRevisions,
  startOfStage,
  writtenPromotions,
  whyHeld,
  whySuspended,
} from "#core/promotion/index.ts";
import type { Pass, StageView, StageViews } from "./pass.ts";
import { promotionsOf, sourceOf } from "./pass.ts";
import { brokenRelease } from "./release.ts";
import { createPromotion } from "./write-promotion.ts";

/** Says what a stage could get, and asks for it where that is automatic. */
export async function offerCandidate(
  view: StageView,
  views: StageViews,
  pass: Pass,
): Promise<Promotion | undefined> {
  const { stage, before } = view;
  const promotions = promotionsOf(pass, stage.name);
  const revision = decideCandidate({
    revision: view.status.revision,
    before: stage.after.map((name) => views.get(name)?.status),
    holds: view.status.hold?.revisions ?? [],
    takesEach: stage.takesEach,
    spent: spentRevisions(promotions),
  });
  if (revision === undefined) return undefined;
  const obstacle = obstacleOf(view, revision, pass);
  const open = promotions.find((one) => !hasEnded(one));
  const waitsFor = obstacle ?? waitingFor(view, open, pass);
  const known =
    before?.candidate?.revision === revision
      ? before.candidate
      : await describe(revision, view, { views, pass });
  const { waitsFor: _, ...described } = known;
  view.status = {
    ...view.status,
    candidate: { ...described, ...(waitsFor === undefined ? {} : { waitsFor }) },
  };
  const attempt = decideAutomation({ stage, candidate: revision, obstacle, promotions });
  if (attempt === undefined) return undefined;
  const ask = { stage: stage.name, kind: "Promote", cause: "Automation", revision, attempt } as const;
  return await createPromotion(ask, pass);
}

function obstacleOf(view: StageView, revision: string, { pipeline }: Pass): string | undefined {
  const { hold, frozen } = view.status;
  if (pipeline.isSuspended) return whySuspended;
  if (frozen !== undefined) return `frozen by ${frozen}`;
  if (!isHeld(hold, revision) || hold === undefined) return undefined;
  return whyHeld(hold, pipeline.name, view.stage.name);
}

function waitingFor(
  { stage }: StageView,
  open: Promotion | undefined,
  { pipeline }: Pass,
): string | undefined {
  if (open !== undefined) return `${open.name}: ${open.status.message ?? "it is being prepared"}`;
  return stage.isAutomatic
    ? undefined
    : `somebody who promotes it: mooring promote ${pipeline.name}/${stage.name}`;
}

const maxCounted = 1_000;

async function describe(
  revision: string,
  view: StageView,
  { views, pass }: { readonly views: StageViews; readonly pass: Pass },
): Promise<NonNullable<StageView["status"]["candidate"]>> {
  const { place } = sourceOf(view.stage, views) ?? view;
  const { deps, signal, now } = pass;
  const commit = await deps.contents.commitAt(place, { commit: revision, signal });
  const known = view.status.revision;
  const list =
    known === undefined
      ? undefined
      : await deps.branches.listCommits(place.access, {
          from: revision,
          excluding: [known],
          ...(place.path === "" ? {} : { path: place.path }),
          limit: maxCounted,
          signal,
        });
  return {
    revision,
    ...(commit === undefined ? {} : { subject: commit.subject, author: commit.author.name }),
    since: now,
    ...(list === undefined ? {} : { commits: list.commits.length }),
  };
}

/** Takes back what failed once it was written, where the stage says so, and with it what was released together. */
export async function takeBackFailure(view: StageView, pass: Pass): Promise<Promotion | undefined> {
  const { stage } = view;
  const promotions = promotionsOf(pass, stage.name);
  const [last] = writtenPromotions(promotions);
  if (
    last === undefined ||
    last.spec.kind !== "Promote" ||
    promotions.some((one) => isLaterRollback(one, last))
  )
    return undefined;
  const reason = failureOf(last, view, pass);
  if (reason === undefined) return undefined;
  const target = rollbackTarget(undefined, promotions);
  if (target === undefined) return undefined;
  const revision = target.kind === "start" ? target.commit : target.promotion.spec.revision;
  const same = promotions.filter(({ spec }) => spec.kind === "Rollback" && spec.revision === revision);
  const attempt = nextAttempt(same);
  if (attempt === undefined) return undefined;
  return await createPromotion(
    {
      stage: stage.name,
      kind: "Rollback",
      cause: "Failure",
      revision,
      rollbackTo: target.kind === "start" ? startOfStage : target.promotion.name,
      attempt,
      reason,
    },
    pass,
  );
}

/** Whoever rejected a rollback has decided. */
function isLaterRollback({ spec, createdAt }: Promotion, last: Promotion): boolean {
  return spec.kind === "Rollback" && createdAt >= (last.status.writtenAt ?? last.createdAt);
}

function failureOf(last: Promotion, { stage }: StageView, pass: Pass): string | undefined {
  const { phase, message = "" } = last.status;
  if (phase === "Failed" && (stage.onFailure === "rollback" || last.spec.release !== undefined))
    return cut(`${last.name} failed: ${message}`);
  const broken = brokenRelease(last, pass);
  return broken === undefined ? undefined : cut(broken);
}

function cut(text: string): string {
  return text.replaceAll(/[^\P{C}]/gu, " ").slice(0, 1_000);
}
