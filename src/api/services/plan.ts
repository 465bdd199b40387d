import type { Application, Operation } from "#core/app/index.ts";
import { appKeyOf, parseApplication, sourcesOf, validateOperation } from "#core/app/index.ts";
import { parseDigest } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { PlannedOperation } from "#ports/live-view.ts";
import type { ServiceMethods } from "../call.ts";
import type { ApiCall, Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";
import type { ApplicationSyncRequest } from "../contract/gen/argocd/application_pb.ts";
import type { Plan } from "../contract/gen/mooring/plan_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { approve } from "./approve-plan.ts";
import { findApplication } from "./application/find-application.ts";
import { revisionsOf } from "./application/manifests.ts";
import { syncOperation } from "./application/start-operation.ts";
import { tryCreating } from "./application/write-applications.ts";

/** `mooring.plan.PlanService`: what a sync would do, for whoever may see the application; of one that does not exist, for whoever may create it. */
export function planMethods(context: ApiContext): ServiceMethods<"plan", Caller> {
  return {
    make: async (request, call) => {
      const found = findApplication(context, request, { caller: call.caller, action: "get" });
      return shown(await planOf(context, parseApplication(found), { ...call, request }));
    },
    preview: async ({ application }, call) => {
      const app = await tryCreating(context, application, call);
      const operation = syncOperation(app, {}, call.caller.username);
      return shown(await context.live.preview(app, operation, call.signal));
    },
    approve: async ({ sync = {}, digest: text = "", ...name }, call) => {
      const found = findApplication(context, name, { caller: call.caller, action: "update" });
      const digest = parseDigest(text);
      if (digest === undefined) {
        throw new MooringError(
          "API_INVALID_ARGUMENT",
          "ApproveRequest.digest: is no digest; write sha256: and 64 hexadecimal digits, as the plan has it",
        );
      }
      const planned = await planOf(context, parseApplication(found), { ...call, request: sync });
      return approve(context, found, { ...call, digest, planned });
    },
  };
}

interface Planning extends ApiCall {
  readonly request: ShapeOf<ApplicationSyncRequest>;
}

async function planOf(
  context: ApiContext,
  app: Application,
  { request: { manifests = [], ...request }, caller, signal }: Planning,
): Promise<PlannedOperation> {
  if (manifests.length > 0) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      "manifests: plans are made of what is in Git; leave them out, or look at the plan with mooring app plan --core --local",
    );
  }
  const operation = operationOf(app, request, caller.username);
  const [problem] = validateOperation(operation);
  if (problem !== undefined) throw new MooringError("API_INVALID_ARGUMENT", problem.message);
  const asked = revisionsOf(app, request);
  const revisions = isTarget(app, asked) ? [] : asked;
  return context.live.plan(appKeyOf(app), { operation, revisions, signal });
}

function shown({ told, approval }: PlannedOperation): ShapeOf<Plan> {
  return { ...told, approval } as unknown as ShapeOf<Plan>;
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
