import { parsePromotion, promotionPhases } from "#core/promotion/index.ts";
import { defineCommand } from "../../command.ts";
import { formatPromotions } from "../../pipelines/format-promotion.ts";
import { nameOf, namespaceFlag, outputFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";
import { printObjects } from "../../pipelines/print.ts";

export const command = defineCommand({
  name: "promotion list",
  summary: "List promotions, newest first",
  examples: ["mooring promotion list shop --stage prod", "mooring promotion list --phase Waiting"],
  args: { usage: "[PIPELINE]", min: 0, max: 1 },
  flags: {
    ...namespaceFlag,
    ...outputFlag,
    stage: { type: "string", value: "NAME", description: "Only those of this stage" },
    phase: {
      type: "strings",
      value: "PHASE",
      choices: promotionPhases,
      description: "Only those in this phase",
    },
  },
  run: async (invocation, ports) => {
    const { namespace, stage, phase: phases, output } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const [given] = invocation.args;
    const of = given === undefined ? undefined : nameOf(given, namespace ?? pipelines.namespace);
    const filter = { namespace: of?.namespace ?? namespace, pipeline: of?.name, stage, phases };
    const found = await pipelines.listPromotions(filter);
    const parsed = found.map((promotion) => parsePromotion(promotion));
    const text = () => formatPromotions(parsed, { nowMs: ports.clock.now(), wide: output === "wide" });
    printObjects(found, { output, ports, text });
    return 0;
  },
});
