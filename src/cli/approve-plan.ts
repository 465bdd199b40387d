import type { Application, Operation } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, isLocalSync, sourcesOf } from "#core/app/index.ts";
import { pinPlan } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { PlanRecord } from "#core/sync/index.ts";
import type { CliHub } from "./hub.ts";
import { renderLocalSync, listingLocal, withManifests } from "./local-sync.ts";
import { makePlan } from "./make-plan.ts";
import type { CliPorts, LocalDirectory } from "./ports.ts";
import { revisionsFor } from "./revision-flags.ts";
import type { PlanFlagValues } from "./sync-fields.ts";
import { revisionFields, syncFieldsOf } from "./sync-fields.ts";
import { usageError } from "./usage-error.ts";
import { viewPlans } from "./view/plans.ts";

export interface ApprovalRequest {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly digest: string;
  /** How the plan is made when the Application does not hold it. */
  readonly flags: PlanFlagValues;
  readonly local: LocalDirectory | undefined;
}

/** A plan that is to be approved. */
export interface PlanFound {
  /** Undefined where it is too large to be kept. */
  readonly plan: PlanRecord | undefined;
  /** The operation that carries it out, made anew for the Application as it is then; undefined where an automated sync waits with it. */
  readonly operationOf: ((app: Application) => Operation) | undefined;
}

/**
 * Finds the plan that a digest stands for: the one that an automated sync waits with, that of a sync that was refused, or the one that the
 * flags make. Throws SYNC_PLAN_CHANGED when it is none of them, and SYNC_REFUSED when a guard refuses it.
 */
export async function findPlan(app: Application, request: ApprovalRequest): Promise<PlanFound> {
  const { digest, local, ports } = request;
  const { waiting, refused } = viewPlans(app);
  if (waiting?.digest === digest) return { plan: waiting.plan, operationOf: undefined };
  const asked = app.status?.operationState?.operation;
  const isAsked = refused?.digest === digest && asked !== undefined && local === undefined;
  if (!isAsked) return planByFlags(app, request);
  if (isLocalSync(asked)) {
    throw usageError(
      `app approve ${app.metadata.name}: the plan is of files that were sent and are not kept; give them again with --local PATH`,
    );
  }
  const operation = atRevisions(app, asked, refused.plan?.scope.revision.split(",") ?? []);
  // Who approves a plan begins the sync of it, whoever or whatever was refused it.
  const begun = { ...operation, initiatedBy: { username: ports.userName } };
  return { plan: refused.plan, operationOf: () => pinPlan(begun, digest) };
}

async function planByFlags(
  app: Application,
  { hub, ports, digest, flags, local }: ApprovalRequest,
): Promise<PlanFound> {
  const initiatedBy = { username: ports.userName };
  const fields = (now: Application) => ({
    sync: syncFieldsOf(now, flags, { dryRun: false }),
    initiatedBy,
  });
  const revisions = revisionsFor(app, flags);
  const files =
    local === undefined ? undefined : await renderLocalSync(app, { hub, ports, local, dryRun: false });
  const shown = files === undefined ? app : listingLocal(app, files);
  const operation = fields(shown);
  const made = await makePlan(app, { hub, ports, operation, revisions, local });
  refuseOther(app, digest, made);
  const operationOf = (now: Application) => {
    const { retry } = now.spec.syncPolicy ?? {};
    const asked: Operation = { ...operation, ...(retry === undefined ? {} : { retry }) };
    const exact =
      files === undefined ? atRevisions(now, asked, made.revisions) : withManifests(asked, now, files);
    return pinPlan(exact, digest);
  };
  return { plan: made.record, operationOf };
}

function refuseOther(
  app: Application,
  digest: string,
  { plan, record }: Awaited<ReturnType<typeof makePlan>>,
): void {
  const subject = formatAppKey(appKeyOf(app));
  const { name } = app.metadata;
  if (record.digest !== digest) {
    throw new MooringError(
      "SYNC_PLAN_CHANGED",
      `${subject}: ${digest} is not what a sync with these flags would do now, which is ${record.digest}, and no plan of that digest waits; see it with: mooring app plan ${name}, with the flags that the plan was made with`,
    );
  }
  const [refusal] = plan.refusals;
  if (refusal !== undefined) {
    throw new MooringError(
      "SYNC_REFUSED",
      `${subject}: ${refusal.message}; an approval does not change that: ${refusal.override}`,
    );
  }
}

/** Exactly these revisions: what a branch has may be another when the operation begins. */
function atRevisions(app: Application, operation: Operation, revisions: readonly string[]): Operation {
  const { sync = {} } = operation;
  const isOwn = sync.source === undefined && (sync.sources ?? []).length === 0;
  if (!isOwn || revisions.length !== sourcesOf(app).length) return operation;
  const { revision: _, revisions: _all, ...others } = sync;
  return { ...operation, sync: { ...others, ...revisionFields(app, revisions) } };
}
