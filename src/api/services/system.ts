import { isMooringError } from "#core/errors/index.ts";
import type { ControllerLoad, LiveView } from "#ports/live-view.ts";
import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";

/** `mooring.system.SystemService`: how the installation itself is. */
export function systemMethods({ audit, readLeader, live }: ApiContext): ServiceMethods<"system", Caller> {
  return {
    get: async (_request, { caller, signal }) => {
      caller.needsNoPermission();
      const controller = await readLeader(signal);
      const load = controller.leads ? await readLoad(live, signal) : undefined;
      const auditProblem = audit.problem();
      return {
        controller: { ...controller },
        ...(auditProblem === undefined ? {} : { auditProblem }),
        ...(load === undefined ? {} : { load: { ...load } }),
      };
    },
  };
}

/** While no controller answers, whether one leads is what there is to say. */
async function readLoad(live: LiveView, signal: AbortSignal): Promise<ControllerLoad | undefined> {
  try {
    return await live.load(signal);
  } catch (error) {
    if (isMooringError(error, "API_CLOSING")) return undefined;
    throw error;
  }
}
