import { defineCommand } from "../command.ts";
import { namespaceFlag, outputFlag, reasonFlag, requireReason, stageOf } from "../pipelines/names.ts";
import { openPipelines } from "../pipelines/port.ts";
import { reportAsked } from "../pipelines/report-asked.ts";
import { waitFlags } from "../pipelines/wait-promotion.ts";

export const command = defineCommand({
  name: "rollback",
  summary: "Bring back what a stage of a pipeline held before",
  details:
    "A commit on the stage's branch takes back what came since, and the stage is held until a newer revision is promoted or: mooring pipeline resume PIPELINE/STAGE. Of an application outside of pipelines: mooring app rollback.\nExit codes: 0 asked for, and with --wait succeeded; 1 with --wait it did not.",
  examples: ['mooring rollback shop/prod --reason "checkout fails" --wait'],
  args: { usage: "PIPELINE/STAGE", min: 1, max: 1 },
  flags: {
    ...namespaceFlag,
    ...outputFlag,
    ...reasonFlag,
    ...waitFlags,
    to: { type: "string", value: "PROMOTION", description: "What to go back to; the one before by default" },
  },
  run: async (invocation, ports) => {
    const { to = "", wait, timeout, output, namespace } = invocation.flags;
    const reason = requireReason(invocation.flags.reason, "rollback");
    await using pipelines = await openPipelines(invocation, ports);
    const target = stageOf(invocation.args[0] ?? "", namespace ?? pipelines.namespace);
    const promotions = [await pipelines.rollback(target, { to, reason })];
    return await reportAsked(pipelines, { promotions, wait, timeout, output, ports });
  },
});
