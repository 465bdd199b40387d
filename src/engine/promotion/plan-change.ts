import type { Application } from "#core/app/index.ts";
import { appKey, isAutomated, parseApplication } from "#core/app/index.ts";
import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { PromotionStatus, Stage } from "#core/promotion/index.ts";
import type { PlanHash, ToldPlan } from "#core/sync/index.ts";
import type { Collection } from "#ports/hub.ts";
import type { LiveView } from "#ports/live-view.ts";
import { mapLimit } from "#runtime/limit.ts";
import { planDigestOf } from "./plan-digest.ts";
import { renderedDigest } from "./rendered-digest.ts";
import { revisionsAt, sourceProblem, syncRevisions } from "./stage-sources.ts";

export type ChangePlan = NonNullable<PromotionStatus["plan"]>;
type AppPlan = ChangePlan["applications"][number];

export interface PlanningTools {
  readonly applications: Pick<Collection, "get">;
  readonly view: Pick<LiveView, "manifests" | "plan">;
  readonly planHash: PlanHash;
}

export interface PlanRequest {
  readonly stage: Stage;
  readonly commit: string;
  readonly signal: AbortSignal;
}

/** So many applications of a stage are rendered at the same time. */
const concurrency = 4;

/**
 * What a commit would change in a stage's applications. Throws what keeps one from being rendered; a cluster that does not answer is only
 * told of.
 */
export async function planChange(tools: PlanningTools, request: PlanRequest): Promise<ChangePlan> {
  const applications = await mapLimit(request.stage.applications, concurrency, (key) =>
    planApplication(key, tools, request),
  );
  return { digest: planDigestOf(applications, tools.planHash), applications };
}

async function planApplication(key: string, tools: PlanningTools, request: PlanRequest): Promise<AppPlan> {
  const { stage, commit, signal } = request;
  const app = requireApplication(key, tools, stage);
  const { namespace = "", name } = app.metadata;
  const revisions = revisionsAt(app, stage, commit);
  const { objects } = await tools.view.manifests(appKey(namespace, name), { revisions, signal });
  const planned = { namespace, name, digest: renderedDigest(objects, tools.planHash) };
  const operation = { sync: { ...syncRevisions(app, revisions), prune: prunes(app) } };
  try {
    const { told } = await tools.view.plan(appKey(namespace, name), { operation, revisions, signal });
    return { ...planned, summary: summaryOf(told) };
  } catch (error) {
    if (!isMooringError(error) || error.retry === "bug") throw error;
    return { ...planned, problem: error.message };
  }
}

/** What a promotion takes out of Git goes; where automation keeps it, nothing else would stay in step. */
export function prunes(app: Application): boolean {
  return !isAutomated(app) || app.spec.syncPolicy?.automated?.prune === true;
}

function requireApplication(key: string, { applications }: PlanningTools, stage: Stage): Application {
  const object = applications.get(key);
  const subject = `stage ${stage.name}`;
  if (object === undefined) {
    const message = `${subject}: Application/${key} does not exist; create it, or take it out of the stage`;
    throw new MooringError("APP_NOT_FOUND", message);
  }
  const app = parseApplication(object);
  const problem = sourceProblem(app, stage);
  if (problem !== undefined) throw new MooringError("APP_INVALID", `${subject}: ${problem}`);
  return app;
}

/** `2 to create, 1 to change, 1 to prune`. */
function summaryOf({ waves, refusals }: ToldPlan): string {
  const actions = waves.flatMap((wave) => wave.actions);
  const count = (is: (action: (typeof actions)[number]) => boolean) => actions.filter(is).length;
  const parts = [
    [
      count(({ verb, because, hook }) => verb === "apply" && hook !== true && because === "missing"),
      "to create",
    ],
    [
      count(({ verb, because, hook }) => verb === "apply" && hook !== true && because !== "missing"),
      "to change",
    ],
    [count(({ verb }) => verb === "prune"), "to prune"],
    [count(({ hook }) => hook === true), "hooks to run"],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const refused =
    refusals.length === 0 ? [] : [`refused by ${refusals.map(({ guard }) => guard).join(", ")}`];
  return said.length + refused.length === 0 ? "nothing to do" : [...said, ...refused].join(", ");
}
