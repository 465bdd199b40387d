import type { PlanGround, PlanHash, PlanRecord, SyncPlan } from "#core/sync/index.ts";
import { recordPlan } from "#core/sync/index.ts";
import type { AppContext } from "./app-context.ts";
import type { ComparedObject } from "./compare.ts";
import type { ComparisonRules } from "./comparison-rules.ts";

export interface RecordRequest {
  readonly context: AppContext;
  readonly compared: readonly ComparedObject[];
  readonly rules: ComparisonRules;
  readonly hash: PlanHash;
}

/** What a plan does, with its digest: the same on every machine that sees the same cluster, repository and control plane. */
export function recordOperation(
  plan: SyncPlan,
  { context, compared, rules, hash }: RecordRequest,
): PlanRecord {
  const { app, live, target } = context;
  const byKey = new Map(compared.map((object) => [object.key, object]));
  const ground: PlanGround = {
    server: target.server,
    namespace: app.spec.destination.namespace ?? "",
    rules: `${rules.id}${rules.respectsIgnored ? " respected" : ""}`,
    liveOf: (key) => live.get(key),
    driftOf: (key) => (byKey.get(key)?.drift ?? []).map(({ path }) => path),
    secretPathsOf: (key) => byKey.get(key)?.desired?.secretPaths ?? [],
  };
  return recordPlan(plan, ground, hash);
}
