import type { Operation } from "#core/app/index.ts";
import { inventoryOf } from "#core/app/index.ts";
import { tellPlan } from "#core/sync/index.ts";
import type { AppContext } from "#engine/app-context.ts";
import { compareApp } from "#engine/compare.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import type { Desired } from "#engine/desired.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { recordOperation } from "#engine/record-operation.ts";
import { namespaceKeyOf } from "#engine/sync-options.ts";
import type { PlannedOperation } from "#ports/live-view.ts";
import type { ApplicationDeps } from "./deps.ts";

interface Planning {
  readonly context: AppContext;
  readonly desired: Desired;
  readonly operation: Operation;
  readonly deps: ApplicationDeps;
  readonly signal: AbortSignal;
}

/**
 * What an operation would do now, planned as it is when it runs, with the digest by which it can be approved. The live objects are claimed
 * under `claimant`, which the caller releases.
 */
export async function planFor(
  claimant: string,
  { context, desired, operation, deps, signal }: Planning,
): Promise<PlannedOperation> {
  const { app, live, tracking } = context;
  const rules = comparisonRulesOf({ ...context, operation, scripts: deps.scripts });
  const namespace = namespaceKeyOf(app, operation);
  const compared = await compareApp({
    claimant,
    desired,
    inventory: [...inventoryOf(app), ...(namespace === undefined ? [] : [namespace])],
    live,
    tracking,
    secretHash: deps.secretHash,
    verdicts: new Map(),
    rules,
    health: deps.healthChecks.judgeBy(context.settings.healthScripts, context.instance),
    signal,
  });
  const plan = planOperation({
    context,
    operation,
    revision: desired.revision,
    startedAtMs: deps.adapters.clock.now(),
    compared,
    applied: new Set(),
    hooks: [],
    resumed: false,
  });
  const record = recordOperation(plan, { context, compared, rules, hash: deps.planHash });
  return { told: tellPlan(plan, record.digest), record, approval: context.approval };
}
