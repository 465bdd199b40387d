import { isMooringError } from "#core/errors/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { mergePatchOf, viewObject } from "#core/object/index.ts";
import type { Pipeline, PipelineStatus, Promotion } from "#core/promotion/index.ts";
import { decidePrune, hasEnded, parsePipeline } from "#core/promotion/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { HubKey } from "#ports/hub.ts";
import { formatTime } from "#runtime/clock.ts";
import type { Outcome } from "#runtime/run-workers.ts";
import { offerCandidate, takeBackFailure } from "./begin-promotions.ts";
import type { PromotionDeps } from "./deps.ts";
import { sooner } from "./evaluate-gates.ts";
import { isGitProblem } from "./git-problem.ts";
import { noticePush } from "./notice-pushes.ts";
import { nextTickMs, openPass } from "./open-pass.ts";
import type { Pass, StageView, StageViews } from "./pass.ts";
import { promotionsOf } from "./pass.ts";
import { refreshWhenMoved } from "./refresh-applications.ts";
import { reportStatuses } from "./report-status.ts";
import { stepPromotion } from "./step-promotion.ts";
import { promotionFieldManager as fieldManager, tell } from "./tell.ts";
import { verifyStage } from "./verify-stage.ts";
import { viewStages } from "./view-stage.ts";

/** How soon what the pipeline refers to is looked at again when it is not there; its change wakes the pipeline before. */
const problemMs = 60_000;

/** One look at one pipeline: what its stages have, what is promoted next, and every open promotion one step on. */
export async function reconcilePipeline(
  key: HubKey,
  deps: PromotionDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  const object = deps.hub.pipelines.get(key);
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return { kind: "settled" };
  let pipeline: Pipeline;
  try {
    pipeline = parsePipeline(object);
  } catch (error) {
    if (!isMooringError(error, "APP_INVALID")) throw error;
    await writeProblem(object, error.message, { deps, signal });
    return { kind: "stalled" };
  }
  try {
    return await look(object, await openPass(pipeline, deps, signal));
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug" || error.code.startsWith("KUBE_")) throw error;
    await writeProblem(object, error.message, { deps, signal });
    return { kind: "waiting", requeueAfterMs: Math.min(problemMs, pipeline.intervalMs) };
  }
}

async function look(object: KubeObject, pass: Pass): Promise<Outcome> {
  const { pipeline } = pass;
  const views = await viewStages(pass);
  let againMs: number | undefined = nextTickMs(pipeline, pass.nowMs);
  for (const view of views.values()) {
    if (pass.outageOf(view.stage.repoUrl) !== undefined) continue;
    await refreshWhenMoved(view, pass);
    againMs = sooner(againMs, await verifyStage(view, views, pass));
    const begun = [
      await noticePush(view, pass),
      await takeBackFailure(view, pass),
      await offer(view, views, pass),
    ];
    if (begun.some((one) => one !== undefined)) againMs = 0;
    for (const promotion of promotionsOf(pass, view.stage.name)) {
      if (hasEnded(promotion)) continue;
      const { promotion: stepped, againMs: soonMs } = await stepPromotion({ promotion, view, views, pass });
      againMs = sooner(againMs, soonMs);
      if (!hasEnded(stepped)) view.status = { ...view.status, active: stepped.name };
    }
    againMs = sooner(againMs, await reportStatuses(view, pass));
    await prune(view, pass);
  }
  await writeStatus(object, { ...statusOf(pass, [...views.values()]) }, pass);
  return { kind: "settled", requeueAfterMs: Math.max(0, againMs ?? pipeline.intervalMs) };
}

/** What cannot be read of the stages before keeps new revisions away, and neither what is under way nor a rollback. */
async function offer(view: StageView, views: StageViews, pass: Pass): Promise<Promotion | undefined> {
  try {
    return await offerCandidate(view, views, pass);
  } catch (error) {
    if (!isGitProblem(error)) throw error;
    view.status = { ...view.status, problem: error.message };
    return undefined;
  }
}

function statusOf({ pipeline, now }: Pass, views: readonly StageView[]): PipelineStatus {
  return {
    observedGeneration: pipeline.generation,
    askedAt: now,
    stages: views.map(({ status }) => status),
    ...conditionsOf(undefined, pipeline.status.conditions, now),
  };
}

async function prune({ stage, status }: StageView, pass: Pass): Promise<void> {
  const { pipeline, deps, signal } = pass;
  const names = decidePrune({
    promotions: promotionsOf(pass, stage.name),
    current: status.promotion,
    limit: pipeline.historyLimit,
  });
  for (const name of names) {
    const ref = { type: hubTypes.promotion, namespace: pipeline.namespace, name };
    await deps.hub.cluster.remove(ref, { propagation: "Background", signal });
  }
}

interface Writing {
  readonly deps: PromotionDeps;
  readonly signal: AbortSignal;
}

/** A pipeline that cannot be looked at says why, and shows what was known of its stages. */
async function writeProblem(object: KubeObject, problem: string, writing: Writing): Promise<void> {
  const message = writing.deps.redact(problem);
  const before = viewObject(object, "status") as unknown as PipelineStatus;
  const now = formatTime(writing.deps.clock.now());
  const status = {
    ...before,
    observedGeneration: object.metadata.generation ?? 0,
    message,
    ...conditionsOf(message, before.conditions, now),
  };
  if (!(await writeStatus(object, status, writing)) || before.message === message) return;
  const { namespace = "", name = "", uid = "" } = object.metadata;
  const about = { kind: "Pipeline", namespace, name, uid };
  await tell({ about, type: "Warning", reason: "Invalid", message }, writing.deps, writing.signal);
}

function conditionsOf(
  message: string | undefined,
  before: PipelineStatus["conditions"],
  now: string,
): Pick<PipelineStatus, "conditions"> {
  const status = message === undefined ? "True" : "False";
  const known = before?.find((condition) => condition["type"] === "Ready");
  const lastTransitionTime = known?.["status"] === status ? known["lastTransitionTime"] : now;
  const reason = message === undefined ? "Looked" : "Invalid";
  return {
    conditions: [
      {
        type: "Ready",
        status,
        reason,
        message: message ?? "",
        ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }),
      },
    ],
  };
}

/** Writes what changed, for the version that it was decided on; that branches were asked for alone is no news. */
async function writeStatus(
  object: KubeObject,
  status: PipelineStatus,
  { deps, signal }: Writing,
): Promise<boolean> {
  const before = viewObject(object, "status");
  const patch = mergePatchOf(before, status as unknown as JsonObject);
  if (patch === undefined || Object.keys(patch).every((field) => field === "askedAt")) return false;
  const { name = "", namespace = "", resourceVersion = "", uid = "" } = object.metadata;
  const written = await deps.hub.cluster.mergePatch(
    { type: hubTypes.pipeline, namespace, name },
    { metadata: { resourceVersion, uid }, status: patch },
    { fieldManager, subresource: "status", signal },
  );
  deps.hub.pipelines.observe(written);
  return true;
}
