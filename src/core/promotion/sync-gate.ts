import { parseTime } from "#core/cron/index.ts";
import { brokenGlass } from "./broken-glass.ts";
import type { Freeze } from "./freeze.ts";
import { describeFreeze, freezeAt } from "./freeze.ts";
import type { Pipeline, Stage } from "./pipeline.ts";
import type { Promotion } from "./promotion.ts";
import type { PromotionPhase, StageStatus } from "./types.ts";

/** That an Application is in a stage. */
export interface StageClaim {
  readonly pipeline: Pipeline;
  readonly stage: Stage;
  /** Of the stage, in no order. */
  readonly promotions: readonly Promotion[];
  /** Why the Pipeline cannot be read now, where an earlier state of it counts. */
  readonly problem?: string | undefined;
}

/** What a sync is about to deploy. */
export interface SyncContent {
  /** `namespace/name`. */
  readonly application: string;
  /** Of its sources in the stage's repository. */
  readonly commits: readonly string[];
  /** It is what was deployed last: that is kept in step whatever else is true. */
  readonly isDeployed: boolean;
  /** Automation goes back to what was deployed before, after a failure. */
  readonly isReturn: boolean;
  /** Somebody sent manifests, which are of no commit. */
  readonly isLocal: boolean;
  /** It was let begin, and goes on. */
  readonly isBegun: boolean;
  readonly nowMs: number;
  /** RFC 3339. */
  readonly formatTime: (ms: number) => string;
}

/** What Git says of it. */
export interface ContentMatch {
  /** The promotions whose commit it is, or whose content it has. */
  readonly promotions: readonly Promotion[];
  /** It is the content that the stage had before anything was promoted to it. */
  readonly isBaseline: boolean;
}

export type SyncVerdict =
  | { readonly may: true }
  | {
      readonly may: false;
      readonly message: string;
      /** When that ends by itself. */
      readonly untilMs?: number | undefined;
    };

const letThrough: readonly PromotionPhase[] = ["Writing", "Proposed", "Applying", "Verifying", "Succeeded"];
const over: readonly PromotionPhase[] = ["Failed", "Refused", "Superseded", "RolledBack"];
const through: SyncVerdict = { may: true };
const refused = "cannot sync: needs a promotion: ";

/** Whether what a stage's Applications may be synced to depends on promotions at all. */
export function isGatedStage({ after, gates }: Stage): boolean {
  return after.length > 0 || gates.length > 0;
}

/** Whether the gates of a promotion let it through, by themselves or because somebody broke the glass. */
export function isLetThrough({ status }: Pick<Promotion, "status">): boolean {
  const { phase = "Pending" } = status;
  return letThrough.includes(phase) || (brokenGlass({ status }) !== undefined && !over.includes(phase));
}

/** True for the message of a sync that was refused so, and therefore tried nothing. */
export function isRefusedByPromotion(message: string | undefined): boolean {
  return message?.startsWith(refused) === true;
}

/**
 * What can be said of a sync before Git is asked for contents; undefined when that and what it renders to decide. Nothing that is deployed
 * already is refused: what lives must not drift because nobody may promote.
 */
export function judgeBefore(claims: readonly StageClaim[], content: SyncContent): SyncVerdict | undefined {
  const [claim, ...others] = claims;
  if (claim === undefined || content.isDeployed || content.isReturn) return through;
  if (others.length > 0) return refuse(describeClaims(claims));
  const { pipeline, stage, problem } = claim;
  const isGated = isGatedStage(stage);
  const frozen = freezeAt(pipeline.freezes, stage.name, content.nowMs);
  const isHeld = heldRevisions(claim).some((revision) => content.commits.includes(revision));
  const where = placeOf(claim);
  if (!isGated && !content.isBegun) {
    if (pipeline.isSuspended) return refuseSuspended(claim);
    if (stageStatusOf(claim)?.hold?.revisions.length === 0) return refuseHeld(claim, content);
  }
  if (!isGated && frozen === undefined && !isHeld) return through;
  if (isGated && problem !== undefined)
    return refuse(`${where} cannot be judged, because the Pipeline cannot be read: ${problem}`);
  if (isGated && content.isLocal) {
    const fix = "commit it and have it promoted";
    return refuse(`${where} takes what was promoted, and no manifests that somebody sends; ${fix}`);
  }
  if (isGated && pipeline.isSuspended && !content.isBegun) return refuseSuspended(claim);
  if (isGated && content.commits.length === 0) {
    const fix = `take it off the stage, or deploy it from ${stage.repoUrl}`;
    return refuse(`${where} is in a repository that the Application has no source from; ${fix}`);
  }
  return undefined;
}

export interface RenderedContent {
  readonly match: ContentMatch;
  /** Of what the Application renders to now, made as that of a plan is; asked for only where it matters. */
  readonly digest: () => string;
}

/** The rest of the judgement, for one claim that `judgeBefore` leaves open. */
export function judgeContent(
  claim: StageClaim,
  content: SyncContent,
  rendered: RenderedContent,
): SyncVerdict {
  const { match } = rendered;
  const passed = match.promotions.filter((promotion) => isLetThrough(promotion));
  const opened = passed.filter((one) => brokenGlass(one) !== undefined);
  const held = heldRevisions(claim);
  const wanted = passed.filter((one) => opened.includes(one) || isWantedAgain(one, claim));
  const free = passed.filter((one) => wanted.includes(one) || !held.includes(one.spec.revision));
  const isHeld =
    content.commits.some((commit) => held.includes(commit)) || (passed.length > 0 && free.length === 0);
  if (isHeld && wanted.length === 0) return refuseHeld(claim, content);
  const frozen = freezeAt(claim.pipeline.freezes, claim.stage.name, content.nowMs);
  if (frozen !== undefined && opened.length === 0 && !content.isBegun)
    return refuseFrozen(claim, content, frozen);
  if (!isGatedStage(claim.stage)) return through;
  if (free.length > 0) return judgeDigest(claim, content, { ...rendered, free });
  return match.isBaseline ? through : refuseUnpromoted(claim, content, match);
}

/** A hold keeps automation back: what people ask for once they can know of it is let through by its gates alone. */
function isWantedAgain({ spec, createdAt }: Promotion, claim: StageClaim): boolean {
  if (spec.cause !== "Person" && spec.kind !== "Rollback") return false;
  const [heldMs, askedMs] = [stageStatusOf(claim)?.hold?.since ?? "", createdAt].map((time) =>
    parseTime(time),
  );
  return heldMs !== undefined && askedMs !== undefined && askedMs > heldMs;
}

function judgeDigest(
  claim: StageClaim,
  content: SyncContent,
  { digest, free }: RenderedContent & { readonly free: readonly Promotion[] },
): SyncVerdict {
  const now = digest();
  const planned = free.map((promotion) => ({ promotion, digest: plannedDigest(promotion, content) }));
  if (planned.some((one) => one.digest === now)) return through;
  const [first] = planned;
  const name = first?.promotion.name ?? "";
  const again = `see it with: mooring promotion get ${name}; if what it renders to now is wanted, promote it again`;
  if (first?.digest === undefined)
    return refuse(
      `${placeOf(claim)}: the plan of Promotion ${name} does not hold this Application; ${again}`,
    );
  return refuse(
    `${placeOf(claim)}: it renders to something else than what was approved with Promotion ${name}; ${again}`,
  );
}

function plannedDigest({ status }: Promotion, { application }: SyncContent): string | undefined {
  const found = status.plan?.applications.find(
    ({ namespace, name }) => `${namespace}/${name}` === application,
  );
  // A cluster that could not be compared with is no fault of what was rendered.
  return found?.digest === "" ? undefined : found?.digest;
}

function refuseSuspended(claim: StageClaim): SyncVerdict {
  const fix = `set spec.suspend of Pipeline ${claim.pipeline.name} to false`;
  return refuse(`${placeOf(claim)} takes nothing new, because the Pipeline is suspended; ${fix}`);
}

function refuseHeld(claim: StageClaim, content: SyncContent): SyncVerdict {
  const { by = "", reason = "", since = "" } = stageStatusOf(claim)?.hold ?? {};
  const { pipeline, stage } = claim;
  const ends = `end the hold with: mooring pipeline resume ${pipeline.name}/${stage.name}`;
  return refuse(
    `${placeOf(claim)} holds ${commitsOf(content)} since ${since}, by ${by}: ${reason}; promote a later revision, or ${ends}`,
  );
}

interface Frozen {
  readonly freeze: Freeze;
  readonly endsMs: number | undefined;
}

function refuseFrozen(claim: StageClaim, { formatTime }: SyncContent, frozen: Frozen): SyncVerdict {
  const fix =
    "wait until then, take the freeze out of the Pipeline, or break the glass of its Promotion with: mooring promotion break-glass NAME --reason TEXT";
  const message = `${placeOf(claim)} is frozen by ${describeFreeze(frozen, formatTime)}; ${fix}`;
  return { ...refuse(message), untilMs: frozen.endsMs };
}

function refuseUnpromoted(
  claim: StageClaim,
  content: SyncContent,
  { promotions }: ContentMatch,
): SyncVerdict {
  const what = `${placeOf(claim)}: ${commitsOf(content)} was let through by no Promotion`;
  const { pipeline } = claim;
  const waiting = promotions.find(({ status }) => !over.includes(status.phase ?? "Pending"));
  if (waiting !== undefined) {
    const { phase = "Pending", message = "" } = waiting.status;
    const said = message === "" ? "" : `: ${message}`;
    return refuse(
      `${what} yet; Promotion ${waiting.name} is ${phase}${said}; see it with: mooring promotion get ${waiting.name}`,
    );
  }
  const [ended] = promotions;
  if (ended !== undefined) {
    const { phase = "", message = "" } = ended.status;
    return refuse(
      `${what}; Promotion ${ended.name} ended as ${phase}${message === "" ? "" : `: ${message}`}; promote it again`,
    );
  }
  return refuse(
    `${what}; what is pushed to branch ${claim.stage.branch} gets one when the Pipeline next looks; see it with: mooring pipeline get ${pipeline.name}`,
  );
}

function describeClaims(claims: readonly StageClaim[]): string {
  const places = claims.map((claim) => placeOf(claim)).toSorted();
  return `it is in ${places.join(" and in ")}, and an Application is in one stage; take it out of one of them`;
}

function placeOf({ pipeline, stage }: StageClaim): string {
  return `stage ${stage.name} of Pipeline ${pipeline.namespace}/${pipeline.name}`;
}

function commitsOf({ commits }: SyncContent): string {
  return [...new Set(commits)].map((commit) => commit.slice(0, 7)).join(" and ");
}

export function stageStatusOf({ pipeline, stage }: StageClaim): StageStatus | undefined {
  return pipeline.status.stages?.find(({ name }) => name === stage.name);
}

function heldRevisions(claim: StageClaim): readonly string[] {
  return stageStatusOf(claim)?.hold?.revisions ?? [];
}

function refuse(message: string): { readonly may: false; readonly message: string } {
  return { may: false, message: `${refused}${message}` };
}
