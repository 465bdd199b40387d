import type { ApiClient } from "#api/contract/api-client.ts";
import type { Application, Operation } from "#core/app/index.ts";
import type { ToldPlan } from "#core/sync/index.ts";
import { syncRequestOf } from "./request-sync.ts";

interface PlanRequest {
  readonly api: ApiClient;
  readonly operation: Operation;
  readonly signal: AbortSignal;
}

/** The plan of an operation as the server makes it. gRPC leaves out empty lists; programs that read the plan find them as ever. */
export async function askPlan(app: Application, { api, operation, signal }: PlanRequest): Promise<ToldPlan> {
  const {
    waves = [],
    skipped = [],
    refusals = [],
    approval: _,
    ...plan
  } = await api.ask.plan.make(syncRequestOf(app, operation), signal);
  return {
    ...plan,
    waves: waves.map(({ actions = [], waitsFor = [], ...wave }) => ({
      ...wave,
      actions: actions.map((action) => (action.verb === "apply" ? { fields: [], ...action } : action)),
      waitsFor,
    })),
    skipped,
    refusals,
  } as unknown as ToldPlan;
}
