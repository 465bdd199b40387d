import { defineCommand } from "../../command.ts";
import { nameOf, namespaceFlag, reasonFlag, requireReason } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "promotion reject",
  summary: "Refuse a promotion that is not written yet",
  args: { usage: "PROMOTION", min: 1, max: 1 },
  flags: { ...namespaceFlag, ...reasonFlag },
  run: async (invocation, ports) => {
    const reason = requireReason(invocation.flags.reason, "promotion reject");
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", invocation.flags.namespace ?? pipelines.namespace);
    await pipelines.reject(name, reason);
    ports.stdout.write(`promotion '${name.name}' is rejected\n`);
    return 0;
  },
});
