import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import { nameOf, namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "pipeline delete",
  summary: "Delete a pipeline with its promotions",
  details: "Branches, Applications and what is deployed stay. Its gates are gone with it.",
  args: { usage: "PIPELINE", min: 1, max: 1 },
  flags: {
    ...namespaceFlag,
    yes: { type: "boolean", short: "y", description: "Do not ask" },
  },
  run: async (invocation, ports) => {
    const { namespace, yes } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", namespace ?? pipelines.namespace);
    const question = `Delete pipeline '${name.name}' with its promotions ${pipelines.place}?`;
    if (yes !== true && !(await confirm(question, { ports, flag: "--yes" }))) return 1;
    await pipelines.remove(name);
    ports.stdout.write(`pipeline '${name.name}' deleted\n`);
    return 0;
  },
});
