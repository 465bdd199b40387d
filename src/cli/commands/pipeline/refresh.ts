import { defineCommand } from "../../command.ts";
import { nameOf, namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "pipeline refresh",
  summary: "Have the branches of a pipeline read now",
  args: { usage: "PIPELINE", min: 1, max: 1 },
  flags: namespaceFlag,
  run: async (invocation, ports) => {
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", invocation.flags.namespace ?? pipelines.namespace);
    await pipelines.refresh(name);
    ports.stdout.write(`pipeline '${name.name}' is refreshed\n`);
    return 0;
  },
});
