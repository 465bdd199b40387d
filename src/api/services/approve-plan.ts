import { appKeyOf, formatAppKey, parseApplication } from "#core/app/index.ts";
import { parseApproval } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { annotationKey } from "#core/tracking/index.ts";
import { approvalFor } from "#engine/approve-plan.ts";
import { patchObject } from "#engine/patch-object.ts";
import { planDigest } from "#engine/plan-hash.ts";
import type { PlannedOperation } from "#ports/live-view.ts";
import type { ApiCall } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import { apiFieldManager } from "../context.ts";
import type { Approval } from "../contract/gen/mooring/plan_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { applicationRef, requireOnApplication } from "./application/find-application.ts";
import { deletedMeanwhile } from "./application/start-operation.ts";

/** As long as an approval of the command line lasts unless told. */
const lifetimeMs = 86_400_000;

interface Approving extends ApiCall {
  /** What somebody looked at. */
  readonly digest: string;
  /** What would be done now. */
  readonly planned: PlannedOperation;
}

/**
 * Approves a plan under the caller's own name. Throws SYNC_PLAN_CHANGED when it is not what would be done now, SYNC_REFUSED when a guard
 * refuses it, and APP_OPERATION_RUNNING while a sync uses another approval.
 */
export async function approve(
  context: ApiContext,
  found: KubeObject,
  { digest, planned: { told, record }, caller, signal }: Approving,
): Promise<ShapeOf<Approval>> {
  const subject = formatAppKey(appKeyOf(found));
  if (record.digest !== digest) {
    throw new MooringError(
      "SYNC_PLAN_CHANGED",
      `${subject}: ${digest} is not what this sync would do now, which is ${record.digest}; look at the plan again`,
    );
  }
  const [refusal] = told.refusals;
  if (refusal !== undefined) {
    throw new MooringError(
      "SYNC_REFUSED",
      `${subject}: ${refusal.message}; an approval does not change that: ${refusal.override}`,
    );
  }
  const giving = { digest, plan: record, by: caller.username, nowMs: context.clock.now(), lifetimeMs };
  const changed = await patchObject(context.hub.cluster, applicationRef(found), {
    decide: (object) => {
      requireOnApplication(context, object, { caller, action: "update" });
      const annotations = approvalFor(parseApplication(object), giving);
      return annotations === undefined ? undefined : { metadata: { annotations } };
    },
    fieldManager: apiFieldManager,
    signal,
  });
  if (changed === undefined) throw deletedMeanwhile(found);
  context.hub.applications.observe(changed);
  return approvalIn(changed);
}

function approvalIn(app: KubeObject): ShapeOf<Approval> {
  const text = viewString(app, "metadata", "annotations", annotationKey.approvedPlan);
  const { digest = "", by = "", at = "", expires = "" } = parseApproval(text, planDigest) ?? {};
  return { digest, by, at, expires };
}
