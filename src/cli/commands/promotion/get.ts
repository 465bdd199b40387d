import { parsePromotion } from "#core/promotion/index.ts";
import { defineCommand } from "../../command.ts";
import { formatPromotion } from "../../pipelines/format-promotion.ts";
import { nameOf, namespaceFlag, outputFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";
import { printObject } from "../../pipelines/print.ts";

export const command = defineCommand({
  name: "promotion get",
  summary: "Show a promotion: what it waits for, who approved, what it changes",
  args: { usage: "PROMOTION", min: 1, max: 1 },
  flags: { ...namespaceFlag, ...outputFlag },
  run: async (invocation, ports) => {
    const { namespace, output } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", namespace ?? pipelines.namespace);
    const promotion = await pipelines.getPromotion(name);
    const text = () => formatPromotion(parsePromotion(promotion), ports.clock.now());
    printObject(promotion, { output, ports, text });
    return 0;
  },
});
