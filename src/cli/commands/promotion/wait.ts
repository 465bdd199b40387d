import { defineCommand } from "../../command.ts";
import { nameOf, namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";
import { waitFlags, waitForPromotions } from "../../pipelines/wait-promotion.ts";

export const command = defineCommand({
  name: "promotion wait",
  summary: "Wait for the end of promotions, and tell what becomes of them",
  details: "Exit codes: 0 all succeeded, 1 one did not, or not in time.",
  args: { usage: "PROMOTION…", min: 1, max: 50 },
  flags: { ...namespaceFlag, timeout: waitFlags.timeout },
  run: async (invocation, ports) => {
    const { namespace, timeout: timeoutSeconds } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const names = invocation.args.map((one) => nameOf(one, namespace ?? pipelines.namespace));
    return await waitForPromotions(pipelines, { names, timeoutSeconds, ports });
  },
});
