import { parsePromotion } from "#core/promotion/index.ts";
import { defineCommand } from "../../command.ts";
import { formatPipeline } from "../../pipelines/format-pipeline.ts";
import { nameOf, namespaceFlag, outputFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";
import { printObject } from "../../pipelines/print.ts";

export const command = defineCommand({
  name: "pipeline get",
  summary: "Show what is in each stage of a pipeline, what comes next, and what it waits for",
  args: { usage: "PIPELINE", min: 1, max: 1 },
  flags: { ...namespaceFlag, ...outputFlag },
  run: async (invocation, ports) => {
    const { namespace, output } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", namespace ?? pipelines.namespace);
    const pipeline = await pipelines.get(name);
    const isForPeople = output === undefined || output === "wide";
    const filter = { namespace: name.namespace, pipeline: name.name };
    const promotions = isForPeople ? await pipelines.listPromotions(filter) : [];
    const view = {
      pipeline,
      promotions: promotions.map((promotion) => parsePromotion(promotion)),
      nowMs: ports.clock.now(),
    };
    printObject(pipeline, { output, ports, text: () => formatPipeline(view) });
    return 0;
  },
});
