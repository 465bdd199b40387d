import { defineCommand } from "../../command.ts";
import { namespaceFlag, stageOf } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "pipeline resume",
  summary: "Let automation of a stage go on",
  details: "Also after a rollback, whose revision automation then may promote again.",
  args: { usage: "PIPELINE/STAGE", min: 1, max: 1 },
  flags: namespaceFlag,
  run: async (invocation, ports) => {
    await using pipelines = await openPipelines(invocation, ports);
    const target = stageOf(invocation.args[0] ?? "", invocation.flags.namespace ?? pipelines.namespace);
    await pipelines.resume(target);
    ports.stdout.write(`stage '${target.stage}' of pipeline '${target.name}' goes on\n`);
    return 0;
  },
});
