import { defineCommand, noArgs } from "../../command.ts";
import { formatPipelines } from "../../pipelines/format-pipeline.ts";
import { namespaceFlag, outputFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";
import { printObjects } from "../../pipelines/print.ts";

export const command = defineCommand({
  name: "pipeline list",
  summary: "List pipelines, with the revision of each stage",
  args: noArgs,
  flags: { ...namespaceFlag, ...outputFlag },
  run: async (invocation, ports) => {
    const { namespace, output } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const found = await pipelines.list(namespace);
    printObjects(found, { output, ports, text: () => formatPipelines(found, output === "wide") });
    return 0;
  },
});
