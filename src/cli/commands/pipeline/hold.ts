import { defineCommand } from "../../command.ts";
import { namespaceFlag, reasonFlag, requireReason, stageOf } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "pipeline hold",
  summary: "Stop automation of a stage until it is resumed",
  examples: ['mooring pipeline hold shop/prod --reason "black friday"'],
  args: { usage: "PIPELINE/STAGE", min: 1, max: 1 },
  flags: { ...namespaceFlag, ...reasonFlag },
  run: async (invocation, ports) => {
    const reason = requireReason(invocation.flags.reason, "pipeline hold");
    await using pipelines = await openPipelines(invocation, ports);
    const target = stageOf(invocation.args[0] ?? "", invocation.flags.namespace ?? pipelines.namespace);
    await pipelines.hold(target, reason);
    const end = `mooring pipeline resume ${target.name}/${target.stage}`;
    ports.stdout.write(`stage '${target.stage}' of pipeline '${target.name}' is held; end it with: ${end}\n`);
    return 0;
  },
});
