import { pipelineWriter } from "../../pipelines/write-command.ts";

export const command = pipelineWriter({
  name: "pipeline create",
  summary: "Create pipelines from a file",
  examples: ["mooring pipeline create -f pipeline.yaml"],
  upsert: false,
  done: "created",
});
