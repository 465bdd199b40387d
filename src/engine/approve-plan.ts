import type { Application } from "#core/app/index.ts";
import { appKeyOf, formatAppKey } from "#core/app/index.ts";
import type { PlanApproval } from "#core/approval/index.ts";
import { formatApproval, isUsable, parseApproval } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { isOperationRunning } from "#core/requests/index.ts";
import type { PlanRecord } from "#core/sync/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { approvalMoment } from "./approval-moment.ts";
import { planDigest } from "./plan-hash.ts";

interface Giving {
  readonly digest: string;
  readonly plan: PlanRecord | undefined;
  readonly by: string;
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

/**
 * The annotation that approves a plan; undefined when it is approved already. An approval of another plan that nobody has used is replaced.
 * Throws APP_OPERATION_RUNNING while an operation uses one.
 */
export function approvalFor(
  app: Application,
  { digest, plan, by, nowMs, lifetimeMs }: Giving,
): Readonly<Record<string, string>> | undefined {
  const approval = parseApproval(app.metadata.annotations?.[annotationKey.approvedPlan], planDigest);
  if (approval !== undefined) refuseWhileUsed(app, approval);
  if (approval?.digest === digest && isUsable(approval, approvalMoment(nowMs))) return undefined;
  const [at, expires] = [formatTime(nowMs), formatTime(nowMs + lifetimeMs)];
  return { [annotationKey.approvedPlan]: formatApproval({ digest, by, at, expires, plan }) };
}

function refuseWhileUsed(app: Application, { by, usedAt }: PlanApproval): void {
  if (usedAt === undefined || !isOperationRunning(app)) return;
  const { name } = app.metadata;
  throw new MooringError(
    "APP_OPERATION_RUNNING",
    `${formatAppKey(appKeyOf(app))}: a sync of the plan that ${by} approved runs since ${usedAt}; wait with: mooring app wait ${name} --operation, or stop it with: mooring app terminate-op ${name}`,
  );
}
