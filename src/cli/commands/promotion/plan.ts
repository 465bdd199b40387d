import type { JsonValue } from "#core/object/index.ts";
import { parsePromotion } from "#core/promotion/index.ts";
import { defineCommand } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { formatPlan } from "../../pipelines/format-promotion.ts";
import { nameOf, namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";

export const command = defineCommand({
  name: "promotion plan",
  summary: "Show what a promotion would change, and the digest that approvals name",
  args: { usage: "PROMOTION", min: 1, max: 1 },
  flags: {
    ...namespaceFlag,
    output: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { namespace, output } = invocation.flags;
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", namespace ?? pipelines.namespace);
    const promotion = parsePromotion(await pipelines.getPromotion(name));
    const { plan, commits = [] } = promotion.status;
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, { ...plan, commits } as unknown as JsonValue);
    else ports.stdout.write(formatPlan(promotion));
    return 0;
  },
});
