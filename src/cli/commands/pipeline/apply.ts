import { defineCommand, noArgs } from "../../command.ts";
import { fileFlag, readPipelines } from "../../pipelines/read-file.ts";
import { namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "pipeline apply",
  summary: "Create pipelines from a file, or change them to what it says",
  examples: ["mooring pipeline apply -f pipeline.yaml"],
  args: noArgs,
  flags: { ...fileFlag, ...namespaceFlag },
  run: async (invocation, ports) => {
    const { file, namespace } = invocation.flags;
    const given = await readPipelines(file, ports);
    await using pipelines = await openPipelines(invocation, ports);
    for (const { metadata, ...pipeline } of given) {
      const home = metadata.namespace ?? namespace ?? pipelines.namespace;
      const placed = { ...pipeline, metadata: { ...metadata, namespace: home } };
      const { metadata: made } = await pipelines.create(placed, { upsert: true });
      ports.stdout.write(`pipeline '${made.name ?? ""}' applied\n`);
    }
    return 0;
  },
});
