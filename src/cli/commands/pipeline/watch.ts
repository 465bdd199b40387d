import type { JsonValue } from "#core/object/index.ts";
import { withoutManagedFields } from "../../output/print-value.ts";
import { formatJson } from "../../output/print-value.ts";
import { exactOf } from "../../output/shielded.ts";
import { defineCommand } from "../../command.ts";
import { formatPipelines } from "../../pipelines/format-pipeline.ts";
import { nameOf, namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "pipeline watch",
  summary: "Print pipelines, and again whenever they change",
  args: { usage: "[PIPELINE]", min: 0, max: 1 },
  flags: {
    ...namespaceFlag,
    output: { type: "string", short: "o", choices: ["jsonl"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { namespace, output } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const [given] = invocation.args;
    const asked = given === undefined ? undefined : nameOf(given, namespace ?? pipelines.namespace);
    for await (const { type, pipeline } of pipelines.watch(asked?.name, asked?.namespace ?? namespace)) {
      const shown = withoutManagedFields(pipeline) as JsonValue;
      if (output === "jsonl") exactOf(ports.stdout).write(`${formatJson({ type, pipeline: shown })}\n`);
      else if (type === "DELETED") ports.stdout.write(`${pipeline.metadata.name ?? ""} deleted\n`);
      else ports.stdout.write(formatPipelines([pipeline], false).split("\n").slice(1).join("\n"));
    }
    return 0;
  },
});
