import type { Application, FoundCondition, Operation } from "#core/app/index.ts";
import { formatAppKey, formatRevisions, joinRevisions, revisionsOf } from "#core/app/index.ts";
import type { PlanApproval, WaitingPlan } from "#core/approval/index.ts";
import {
  formatChanges,
  isPlainHeal,
  isUsable,
  pinnedPlan,
  pinPlan,
  refuseUnapproved,
} from "#core/approval/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { Begun, PlanRecord, SyncPlan } from "#core/sync/index.ts";
import { formatCounts } from "#core/sync/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import type { ComparedObject } from "#engine/compare.ts";
import type { ComparisonRules } from "#engine/comparison-rules.ts";
import { approvalMoment } from "#engine/approval-moment.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { recordOperation } from "#engine/record-operation.ts";
import { formatTime } from "#runtime/clock.ts";
import { approvalOf, waitingPlanOf } from "./approval-annotations.ts";
import type { ApplicationDeps } from "./deps.ts";
import type { Look } from "./look.ts";
import type { Attempt, OperationRun } from "./run-operation.ts";

/** Whether an automated sync may begin: as which operation, or with which plan it waits. */
interface Gate {
  readonly operation: Operation;
  readonly waiting?: WaitingPlan;
  readonly condition?: FoundCondition;
}

interface Gated {
  readonly look: Look;
  readonly deps: ApplicationDeps;
}

/** Lets an automated sync begin when its plan is approved, or when nobody has to approve it. */
export function gateAutomated(context: AppContext, operation: Operation, { look, deps }: Gated): Gate {
  const { approval: requirement } = context;
  const { compared = [] } = look;
  if (requirement === "none") return { operation };
  if (requirement === "except-self-heal" && operation.sync?.autoHealAttemptsCount !== undefined) {
    const heal = withoutNews(operation, compared);
    if (heal !== undefined && isExempt(planNow(context, heal, { look, deps }), { context, compared }))
      return { operation: heal };
  }
  const plan = planNow(context, operation, { look, deps });
  const rules = comparisonRulesOf({ ...context, operation, scripts: deps.scripts });
  const record = recordOperation(plan, { context, compared, rules, hash: deps.planHash });
  // What a guard refuses says so when it runs; what does nothing needs nobody's approval.
  if (plan.refusals.length > 0 || record.entries.length === 0) return { operation };
  const approval = approvalOf(context.app, deps);
  const isApproved =
    approval?.digest === record.digest && isUsable(approval, approvalMoment(deps.adapters.clock.now()));
  if (isApproved) return { operation: approvedOperation(operation, approval) };
  return { operation, ...waitWith(context, { plan, record, approval, deps }) };
}

function planNow(context: AppContext, operation: Operation, { look, deps }: Gated): SyncPlan {
  return planOperation({
    context,
    operation,
    revision: look.desired?.revision ?? "",
    startedAtMs: deps.adapters.clock.now(),
    compared: look.compared ?? [],
    applied: new Set(),
    hooks: [],
    resumed: false,
  });
}

/** A self-heal of the objects that are there; undefined when there are none. */
function withoutNews(operation: Operation, compared: readonly ComparedObject[]): Operation | undefined {
  const there = new Set(
    compared.filter(({ desired, trackedByUs }) => desired !== undefined && trackedByUs).map(({ key }) => key),
  );
  const resources = (operation.sync?.resources ?? []).filter((one) =>
    there.has(
      objectKey({ group: one.group ?? "", kind: one.kind, namespace: one.namespace ?? "", name: one.name }),
    ),
  );
  if (resources.length === 0) return undefined;
  const { prune: _, ...sync } = operation.sync ?? {};
  return { ...operation, sync: { ...sync, resources } };
}

function approvedOperation(operation: Operation, approval: PlanApproval): Operation {
  const initiatedBy = { username: approval.by, automated: true };
  return pinPlan({ ...operation, initiatedBy }, approval.digest, approval);
}

interface Waiting {
  readonly plan: SyncPlan;
  readonly record: PlanRecord;
  readonly approval: PlanApproval | undefined;
  readonly deps: ApplicationDeps;
}

function waitWith(context: AppContext, { plan, record, approval, deps }: Waiting) {
  const said = waitingPlanOf(context.app, deps);
  const now = formatTime(deps.adapters.clock.now());
  const since = said?.digest === record.digest ? said.since : now;
  const { name } = context.app.metadata;
  const revision = formatRevisions(plan.revision.split(","));
  const message = [
    `${formatAppKey(context.key)}: a sync to ${revision} waits for approval of its plan since ${since}: ${formatCounts(plan)}`,
    ...explainOther(approval, record, deps),
    `see it with: mooring app get ${name}, and approve it with: mooring app approve ${name} ${record.digest}`,
  ].join("; ");
  return {
    waiting: waitingOf(plan, record, since),
    condition: { type: "ApprovalRequired", message } as const,
  };
}

/** Why an approval that is there does not let the sync begin. */
function explainOther(
  approval: PlanApproval | undefined,
  record: PlanRecord,
  { adapters }: ApplicationDeps,
): readonly string[] {
  if (approval === undefined || approval.usedAt !== undefined) return [];
  const { by, at, expires, digest, plan } = approval;
  if (!isUsable(approval, approvalMoment(adapters.clock.now())))
    return [`the approval by ${by} at ${at} has expired at ${expires} or was given in the future`];
  const changes = plan === undefined ? "" : `: ${formatChanges(plan, record)}`;
  return [`the plan approved by ${by} at ${at}, ${digest}, is another one${changes}`];
}

function waitingOf(plan: SyncPlan, record: PlanRecord, since: string): WaitingPlan {
  return { digest: record.digest, since, summary: formatCounts(plan), plan: record };
}

interface PlannedFrom {
  readonly compared: readonly ComparedObject[];
  readonly rules: ComparisonRules;
}

/** The end of an attempt whose plan nobody has approved, though it has to be, or that is not the one which its operation names. */
export function refuseByApproval(
  run: OperationRun,
  plan: SyncPlan,
  { compared, rules }: PlannedFrom,
): Attempt | undefined {
  const { context, running, deps } = run;
  const pinned = pinnedPlan(running.operation);
  const isRequired =
    context.approval !== "none" && !plan.dryRun && !isExempt(plan, { context, compared, run });
  if (plan.refusals.length > 0 || (pinned === undefined && !isRequired)) return undefined;
  const now = recordOperation(plan, { context, compared, rules, hash: deps.planHash });
  if (now.entries.length === 0 && pinned === undefined) return undefined;
  const approval = approvalUsedBy(run);
  const known = approval?.digest === pinned ? approval?.plan : undefined;
  const message = refuseUnapproved({
    app: context.app.metadata.name,
    now,
    pinned,
    approval,
    plan: known ?? running.permittedPlan,
    isRequired,
    begun: begunBy(run),
  });
  if (message === undefined) {
    running.permittedPlan ??= now;
    return undefined;
  }
  const refusedPlan = waitingOf(plan, now, formatTime(deps.adapters.clock.now()));
  return {
    phase: "Failed",
    message,
    final: true,
    plan,
    syncResult: running.progress.syncResult,
    // Nobody has approved it: that says nothing of the revision.
    blamesRevision: false,
    refusedPlan,
  };
}

/** The approval that was marked as the operation's when it began. */
function approvalUsedBy({ running, deps }: OperationRun): PlanApproval | undefined {
  const approval = approvalOf(deps.application(), deps);
  return approval?.usedAt === formatTime(running.startedAtMs) ? approval : undefined;
}

/** What the operation has done; undefined while it has done nothing. */
function begunBy({ running, resumed, retryCount, applied, hooks }: OperationRun): Begun | undefined {
  const isAgain = resumed || retryCount > 0;
  if (!isAgain || running.progress.syncResult === undefined) return undefined;
  return { touched: new Set([...applied, ...hooks.map(({ key }) => key)]) };
}

interface Exempting {
  readonly context: AppContext;
  readonly compared: readonly ComparedObject[];
  /** Undefined before the operation has begun. */
  readonly run?: OperationRun;
}

/** True for a self-heal at the revision that was deployed last, where such ones need no approval. */
function isExempt(plan: SyncPlan, { context, compared, run }: Exempting): boolean {
  if (context.approval !== "except-self-heal" || run?.running.automated === false) return false;
  const ours = new Set(compared.filter(({ trackedByUs }) => trackedByUs).map(({ key }) => key));
  return isDeployed(plan.revision, context.app) && isPlainHeal(plan, (key) => ours.has(key));
}

function isDeployed(revision: string, { status }: Application): boolean {
  const last = status?.history?.at(-1);
  return last !== undefined && joinRevisions(revisionsOf(last)) === revision;
}
