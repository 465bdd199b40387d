import type { Application } from "#core/app/index.ts";
import type { PlanApproval, WaitingPlan } from "#core/approval/index.ts";
import {
  formatApproval,
  formatWaitingPlan,
  isUsable,
  parseApproval,
  parseWaitingPlan,
  pinnedPlan,
} from "#core/approval/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { approvalMoment } from "#engine/approval-moment.ts";
import { formatTime } from "#runtime/clock.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { AppState, FinishedOperation, RunningOperation } from "./state.ts";

type Changes = Readonly<Record<string, string | null>>;

interface Writing {
  /** The operation that runs, as far as the Application may speak of it. */
  readonly running: RunningOperation | undefined;
  readonly deps: ApplicationDeps;
}

/** What an Application has to say anew about plans that wait, and about the approval that an operation uses; nothing where it says so already. */
export function approvalAnnotations(app: Application, state: AppState, { running, deps }: Writing): Changes {
  const begins = running?.recorded === false ? running : undefined;
  // One that has begun waits no more, whatever was found since it was queued.
  const waits = begins?.automated === true ? null : state.waitingPlan;
  return {
    ...waitingChange(app, waits, deps),
    ...refusedChange(app, state, begins !== undefined),
    ...approvalChange(app, { finished: state.finished, begins, deps }),
  };
}

function waitingChange(
  app: Application,
  waits: WaitingPlan | null | undefined,
  deps: ApplicationDeps,
): Changes {
  const { waitingPlan: key } = annotationKey;
  const said = app.metadata.annotations?.[key];
  if (waits === undefined || (waits === null && said === undefined)) return {};
  if (waits === null) return { [key]: null };
  const isSame = waitingPlanOf(app, deps)?.digest === waits.digest;
  return isSame ? {} : { [key]: formatWaitingPlan(waits) };
}

function refusedChange(app: Application, { finished }: AppState, begins: boolean): Changes {
  const { refusedPlan: key } = annotationKey;
  if (finished?.refusedPlan !== undefined) return { [key]: formatWaitingPlan(finished.refusedPlan) };
  const isOver = finished !== undefined || begins;
  return isOver && app.metadata.annotations?.[key] !== undefined ? { [key]: null } : {};
}

interface Use {
  readonly finished: FinishedOperation | undefined;
  readonly begins: RunningOperation | undefined;
  readonly deps: ApplicationDeps;
}

/** An approval is of use once: it is marked by the operation that begins with it, and goes with that. */
function approvalChange(app: Application, { finished, begins, deps }: Use): Changes {
  const { approvedPlan: key } = annotationKey;
  const approval = approvalOf(app, deps);
  if (approval === undefined) return {};
  if (finished !== undefined) return approval.usedAt === finished.state.startedAt ? { [key]: null } : {};
  const isMeant = begins !== undefined && pinnedPlan(begins.operation) === approval.digest;
  if (!isMeant || !isUsable(approval, approvalMoment(deps.adapters.clock.now()))) return {};
  return { [key]: formatApproval({ ...approval, usedAt: formatTime(begins.startedAtMs) }) };
}

/** The approval that an Application holds, used or not. */
export function approvalOf(
  { metadata }: Application,
  { planHash }: Pick<ApplicationDeps, "planHash">,
): PlanApproval | undefined {
  return parseApproval(metadata.annotations?.[annotationKey.approvedPlan], planHash.digest);
}

/** The plan that an Application says an automated sync waits with. */
export function waitingPlanOf(
  { metadata }: Application,
  { planHash }: Pick<ApplicationDeps, "planHash">,
): WaitingPlan | undefined {
  return parseWaitingPlan(metadata.annotations?.[annotationKey.waitingPlan], planHash.digest);
}
