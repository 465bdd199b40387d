import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { Promotion, Stage, StageStatus } from "#core/promotion/index.ts";
import {
  decideHold,
  describeFreeze,
  freezeAt,
  withPassed,
  writtenPromotions,
} from "#core/promotion/index.ts";
import { withHealth } from "#core/promotion/healthy-upstream.ts";
import { isGatedStage } from "#core/promotion/sync-gate.ts";
import { identifyRevision } from "#engine/promotion/identify-revision.ts";
import type { ObservedApplication } from "#engine/promotion/observe-application.ts";
import { observeApplication } from "#engine/promotion/observe-application.ts";
import { formatTime } from "#runtime/clock.ts";
import { ownApplications } from "./own-applications.ts";
import type { Pass, StageView, StageViews } from "./pass.ts";
import { promotionsOf, sourceOf } from "./pass.ts";

/** What Git and the applications say of every stage, each after those that it takes from. */
export async function viewStages(pass: Pass): Promise<Map<string, StageView>> {
  const views = new Map<string, StageView>();
  for (const stage of pass.pipeline.stages) views.set(stage.name, await viewStage(stage, views, pass));
  return views;
}

async function viewStage(stage: Stage, views: StageViews, pass: Pass): Promise<StageView> {
  const { pipeline, deps, signal } = pass;
  const before = pipeline.status.stages?.find(({ name }) => name === stage.name);
  const place = { access: pass.accessTo(stage.repoUrl), path: stage.path };
  const outage = pass.outageOf(stage.repoUrl);
  if (outage !== undefined) return unread({ stage, place, before }, outage);
  const tip = pass.tipsOf(stage.repoUrl).get(stage.branch);
  const content = tip === undefined ? undefined : await deps.contents.treeAt(place, { commit: tip, signal });
  const found = { stage, place, tip, content, before };
  const observed = { stage, place, tip, content, contents: deps.contents, signal };
  const applications: ObservedApplication[] = [];
  for (const key of stage.applications)
    applications.push(await observeApplication(key, findApplication(key, pass), observed));
  const revision = await revisionOf(found, views, pass);
  const problem = problemOf(found, applications);
  return {
    ...found,
    isApplied: applications.every((app) => app.isApplied),
    applications: applications.map(({ state, ...app }) => ({
      ...app,
      key: `${state.namespace}/${state.name}`,
    })),
    status: {
      ...statusOf({ ...found, revision, applications }, pass),
      ...(problem === undefined ? {} : { problem }),
    },
  };
}

/** As it was seen last: of what its branch has now nothing is known. */
function unread(
  { stage, place, before }: Pick<Found, "stage" | "place" | "before">,
  problem: string,
): StageView {
  return {
    stage,
    place,
    before,
    tip: before?.tip,
    content: before?.content,
    isApplied: false,
    applications: [],
    status: { ...before, name: stage.name, verified: false, problem },
  };
}

/** One that is there and may be in a stage of the pipeline; of others nobody learns anything. */
export function findApplication(key: string, pass: Pass): Application | undefined {
  const object = ownApplications(pass).get(key);
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
  try {
    return parseApplication(object);
  } catch (error) {
    if (isMooringError(error, "APP_INVALID")) return undefined;
    throw error;
  }
}

type Found = Pick<StageView, "stage" | "place" | "tip" | "content" | "before">;

function problemOf(
  { stage, place, tip, content }: Found,
  applications: readonly ObservedApplication[],
): string | undefined {
  if (tip === undefined && stage.after.length === 0)
    return `branch ${stage.branch} of ${place.access.url} does not exist; push it, or correct the stage's branch`;
  if (tip !== undefined && content === undefined)
    return `branch ${stage.branch} of ${place.access.url} has no folder ${stage.path}; push it, or correct the stage's path`;
  return applications.find((app) => app.problem !== undefined)?.problem;
}

async function revisionOf(
  { stage, place, tip, content, before }: Found,
  views: StageViews,
  pass: Pass,
): Promise<string | undefined> {
  const { branches, contents } = pass.deps;
  if (tip === undefined || content === undefined) return undefined;
  if (before?.content === content && before.revision !== undefined && before.tip === tip)
    return before.revision;
  const source = stage.after.length === 0 ? undefined : sourceOf(stage, views);
  // What is committed without a change of content is no news.
  if (source === undefined && before?.content === content && before.revision !== undefined)
    return before.revision;
  return await identifyRevision({
    stage,
    place,
    tip,
    content,
    source: source && { ...source, revision: source.status.revision },
    promotions: promotionsOf(pass, stage.name),
    branches,
    contents,
    signal: pass.signal,
  });
}

interface Stated extends Found {
  readonly revision: string | undefined;
  readonly applications: readonly ObservedApplication[];
}

function statusOf(found: Stated, pass: Pass): StageStatus {
  const { stage, tip, content, before, revision, applications } = found;
  const promotions = promotionsOf(pass, stage.name);
  const isSame = before !== undefined && before.content === content;
  const promotion = bringer(found, promotions);
  const health = healthOf(applications);
  const isStill = isSame && health === "Healthy" && before.health === "Healthy";
  const healthySince = isStill ? before.healthySince : pass.now;
  const hold = decideHold({ stage: stage.name, before: before?.hold, pipeline: pass.pipeline, promotions });
  const frozen = frozenBy(stage, pass);
  const baseline = baselineOf(found);
  return {
    name: stage.name,
    ...(tip === undefined ? {} : { tip }),
    ...(content === undefined ? {} : { content }),
    ...(baseline === undefined ? {} : { baseline }),
    ...(revision === undefined ? {} : { revision }),
    ...(promotion === undefined ? {} : { promotion }),
    ...(content === undefined ? {} : { since: isSame ? (before.since ?? pass.now) : pass.now }),
    health,
    ...(health === "Healthy" && healthySince !== undefined ? { healthySince } : {}),
    verified: false,
    applications: applications.map(({ state }) => state),
    ...(before?.passed === undefined ? {} : { passed: before.passed }),
    ...(before?.verification === undefined || !isSame ? {} : { verification: before.verification }),
    ...(hold === undefined ? {} : { hold }),
    ...(frozen === undefined ? {} : { frozen }),
  };
}

/** What a stage has when it is seen first is its beginning; what it has later somebody promoted or pushed. */
function baselineOf({ stage, content, before }: Stated): string | undefined {
  if (!isGatedStage(stage)) return undefined;
  if (before === undefined) return content;
  const isUntouched = before.promotion === undefined && before.content === content;
  return before.baseline ?? (isUntouched ? content : undefined);
}

/** The name of the promotion that brought what the stage has. */
function bringer({ tip, content, before }: Stated, promotions: readonly Promotion[]): string | undefined {
  const exact = writtenPromotions(promotions).find(({ status }) => status.commit === tip);
  return exact?.name ?? (before?.content === content ? before?.promotion : undefined);
}

function healthOf(applications: readonly ObservedApplication[]): NonNullable<StageStatus["health"]> {
  if (applications.some(({ problem }) => problem !== undefined)) return "Unknown";
  if (applications.some(({ state }) => state.health === "Degraded")) return "Degraded";
  return applications.every(({ isHealthy }) => isHealthy) ? "Healthy" : "Progressing";
}

function frozenBy(stage: Stage, { pipeline, nowMs }: Pass): string | undefined {
  const found = freezeAt(pipeline.freezes, stage.name, nowMs);
  return found === undefined ? undefined : describeFreeze(found, formatTime, "without an end");
}

/** With what is verified now: what comes after may take it. */
export function withVerified(view: StageView, isVerified: boolean, { now }: Pass): void {
  const { revision, passed = [] } = view.status;
  view.status = { ...view.status, verified: isVerified };
  const known = isVerified && revision !== undefined ? withPassed(passed, { revision, at: now }) : passed;
  if (known.length > 0) view.status = { ...view.status, passed: withHealth(known, view.status, now) };
}
