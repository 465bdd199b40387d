import { isMooringError } from "#core/errors/index.ts";
import { parsePipeline } from "#core/promotion/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { fileFlag } from "../../pipelines/read-file.ts";
import { readManifest } from "../../read-manifest.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "pipeline validate",
  summary: "Say whether the pipelines of a file make sense",
  details:
    "Needs no cluster and no server; other objects of the file are passed over.\nExit codes: 0 all make sense, 1 one does not, 20 the file cannot be read.",
  examples: ["mooring pipeline validate -f pipeline.yaml"],
  args: noArgs,
  flags: fileFlag,
  run: async ({ flags: { file } }, ports) => {
    if (file === undefined) throw usageError("flag --file is missing; name a file with pipelines: -f FILE");
    const pipelines = (await readManifest(file, ports)).filter(({ kind }) => kind === "Pipeline");
    if (pipelines.length === 0) throw usageError(`file ${file}: it has no Pipeline; name another file`);
    const problems = pipelines.flatMap((pipeline) => problemOf(pipeline) ?? []);
    ports.stderr.write(problems.map((problem) => `${problem}\n`).join(""));
    if (problems.length > 0) return 1;
    const stages = pipelines.map((one) => {
      const { name, stages: all } = parsePipeline(one);
      return `pipeline '${name}' makes sense: ${all.map((stage) => stage.name).join(", ")}\n`;
    });
    ports.stdout.write(stages.join(""));
    return 0;
  },
});

function problemOf(pipeline: KubeObject): string | undefined {
  try {
    parsePipeline(pipeline);
    return undefined;
  } catch (error) {
    if (isMooringError(error, "APP_INVALID")) return error.message;
    throw error;
  }
}
