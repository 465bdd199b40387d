import type { Command } from "../command.ts";
import { defineCommand, noArgs } from "../command.ts";
import { namespaceFlag } from "./names.ts";
import { openPipelines } from "./port.ts";
import { fileFlag, readPipelines } from "./read-file.ts";

interface WriteCommand {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** Whether one that is there with another spec is changed. */
  readonly upsert: boolean;
  /** What was done with each, such as `created`. */
  readonly done: string;
}

/** A command that writes the pipelines of a file, one after the other. */
export function pipelineWriter({ upsert, done, ...said }: WriteCommand): Command {
  return defineCommand({
    ...said,
    args: noArgs,
    flags: { ...fileFlag, ...namespaceFlag },
    run: async (invocation, ports) => {
      const { file, namespace } = invocation.flags;
      const given = await readPipelines(file, ports);
      await using pipelines = await openPipelines(invocation, ports);
      for (const { metadata, ...pipeline } of given) {
        const home = metadata.namespace ?? namespace ?? pipelines.namespace;
        const placed = { ...pipeline, metadata: { ...metadata, namespace: home } };
        const { metadata: made } = await pipelines.create(placed, { upsert });
        ports.stdout.write(`pipeline '${made.name ?? ""}' ${done}\n`);
      }
      return 0;
    },
  });
}
