import { defineCommand } from "../../command.ts";
import { nameOf, namespaceFlag, reasonFlag, requireReason } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "promotion break-glass",
  summary: "Let a promotion through without asking its gates",
  details:
    "For emergencies: who did it, when and why is in its status, in an event of the cluster and in the audit.",
  examples: ['mooring promotion break-glass shop-prod-1a2b3c4 --reason "prod is down, INC-42"'],
  args: { usage: "PROMOTION", min: 1, max: 1 },
  flags: { ...namespaceFlag, ...reasonFlag },
  run: async (invocation, ports) => {
    const reason = requireReason(invocation.flags.reason, "promotion break-glass");
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", invocation.flags.namespace ?? pipelines.namespace);
    await pipelines.breakGlass(name, reason);
    ports.stdout.write(`promotion '${name.name}' passes its gates unasked\n`);
    return 0;
  },
});
