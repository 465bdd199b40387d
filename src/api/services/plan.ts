import type { Application, Operation } from "#core/app/index.ts";
import { appKeyOf, parseApplication, sourcesOf, validateOperation } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { Plan } from "../contract/gen/mooring/plan_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { findApplication } from "./application/find-application.ts";
import { revisionsOf } from "./application/manifests.ts";
import { syncOperation } from "./application/start-operation.ts";

/** `mooring.plan.PlanService`: what a sync would do, for whoever may see the application. */
export function planMethods(context: ApiContext): ServiceMethods<"plan", Caller> {
  return {
    make: async ({ manifests = [], ...request }, { caller, signal }) => {
      const found = findApplication(context, request, { caller, action: "get" });
      if (manifests.length > 0) {
        throw new MooringError(
          "API_INVALID_ARGUMENT",
          "manifests: plans are made of what is in Git; leave them out, or look at the plan with mooring app plan --core --local",
        );
      }
      const app = parseApplication(found);
      const operation = operationOf(app, request, caller.username);
      const [problem] = validateOperation(operation);
      if (problem !== undefined) throw new MooringError("API_INVALID_ARGUMENT", problem.message);
      const asked = revisionsOf(app, request);
      const revisions = isTarget(app, asked) ? [] : asked;
      const plan = await context.live.plan(appKeyOf(app), { operation, revisions, signal });
      return plan as unknown as ShapeOf<Plan>;
    },
  };
}

/** Of a dry run, which may be of a revision that automation would undo; what is planned is the sync itself. */
function operationOf(
  app: Application,
  request: Parameters<typeof syncOperation>[1],
  username: string,
): Operation {
  const { sync, ...operation } = syncOperation(app, { ...request, dryRun: true }, username);
  const { dryRun: _, ...fields } = sync ?? {};
  return { ...operation, sync: fields };
}

/** Whether no other revision than that of the sources is asked for. */
function isTarget(app: Application, asked: readonly string[]): boolean {
  return sourcesOf(app).every((_, i) => (asked[i] ?? "") === "");
}
