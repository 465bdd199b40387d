import { pipelineWriter } from "../../pipelines/write-command.ts";

export const command = pipelineWriter({
  name: "pipeline apply",
  summary: "Create pipelines from a file, or change them to what it says",
  examples: ["mooring pipeline apply -f pipeline.yaml"],
  upsert: true,
  done: "applied",
});
