import type { ServiceMethods } from "../call.ts";
import type { Caller } from "../caller.ts";
import type { ApiContext } from "../context.ts";

/** `mooring.system.SystemService`: how the installation itself is. */
export function systemMethods({ audit, readLeader }: ApiContext): ServiceMethods<"system", Caller> {
  return {
    get: async (_request, { caller, signal }) => {
      caller.needsNoPermission();
      const controller = await readLeader(signal);
      const auditProblem = audit.problem();
      return { controller: { ...controller }, ...(auditProblem === undefined ? {} : { auditProblem }) };
    },
  };
}
