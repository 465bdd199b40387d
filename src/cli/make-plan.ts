import type { Application, Operation } from "#core/app/index.ts";
import type { PlanRecord, SyncPlan } from "#core/sync/index.ts";
import { comparisonRulesOf } from "#engine/comparison-rules.ts";
import { createPlanHash, readHubKey, renderSeedOf } from "#engine/plan-hash.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { recordOperation } from "#engine/record-operation.ts";
import { compareApplication } from "./compare-application.ts";
import type { CliHub } from "./hub.ts";
import type { CliPorts, LocalDirectory } from "./ports.ts";

interface PlanRequest {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly operation: Operation;
  /** By source, instead of the target revisions. */
  readonly revisions: readonly string[];
  readonly local: LocalDirectory | undefined;
}

/** What an operation would do, as the controller would plan it. */
export interface MadePlan {
  readonly plan: SyncPlan;
  readonly record: PlanRecord;
  /** By source; empty where files of this machine stand for them. */
  readonly revisions: readonly string[];
}

/** Renders and compares an Application here and plans the operation; nothing is written. */
export async function makePlan(
  app: Application,
  { hub, ports, operation, revisions, local }: PlanRequest,
): Promise<MadePlan> {
  const hubKey = await readHubKey(hub.cluster, hub.namespace, ports.signal);
  const seedSecret = hubKey === undefined ? undefined : renderSeedOf(hubKey);
  await using found = await compareApplication(app, { hub, ports, revisions, local, seedSecret });
  const { context, compared, desired } = found;
  const plan = planOperation({
    context,
    operation,
    revision: local === undefined ? desired.revision : "local",
    startedAtMs: ports.clock.now(),
    compared,
    applied: new Set(),
    hooks: [],
    resumed: false,
  });
  const rules = comparisonRulesOf({ ...context, operation, scripts: found.rules.scripts });
  const record = recordOperation(plan, { context, compared, rules, hash: createPlanHash(hubKey) });
  return { plan, record, revisions: local === undefined ? desired.revisions : [] };
}
