import { parseDigest } from "#core/approval/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { parsePromotion } from "#core/promotion/index.ts";
import { confirm } from "../../confirm.ts";
import { defineCommand } from "../../command.ts";
import { formatPlan } from "../../pipelines/format-promotion.ts";
import { nameOf, namespaceFlag } from "../../pipelines/names.ts";
import { openPipelines } from "../../pipelines/port.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "promotion approve",
  summary: "Approve exactly what a promotion would change",
  details:
    "Prints the plan and asks. A plan that changes afterwards has to be approved again. Whoever asked for the promotion and the authors of its commits cannot approve it.\nExit codes: 0 approved, 1 answered with no.",
  examples: [
    "mooring promotion approve shop-prod-1a2b3c4",
    "mooring promotion approve shop-prod-1a2b3c4 --digest sha256:3f1c… --yes",
  ],
  args: { usage: "PROMOTION", min: 1, max: 1 },
  flags: {
    ...namespaceFlag,
    digest: {
      type: "string",
      value: "DIGEST",
      description: "Of the plan that was read; with --yes it has to be there",
    },
    comment: { type: "string", value: "TEXT", description: "Is kept with the approval" },
    yes: { type: "boolean", short: "y", description: "Do not ask" },
  },
  run: async (invocation, ports) => {
    const { digest: text, comment = "", yes, namespace } = invocation.flags;
    if (yes === true && text === undefined) {
      throw usageError(
        "flag --yes: approves what nobody has looked at; name what was read, as mooring promotion plan prints it: --digest DIGEST",
      );
    }
    const given = text === undefined ? undefined : parseDigest(text);
    if (text !== undefined && given === undefined)
      throw usageError("flag --digest: is no digest; write sha256: and 64 hexadecimal digits");
    await using pipelines = await openPipelines(invocation, ports);
    const name = nameOf(invocation.args[0] ?? "", namespace ?? pipelines.namespace);
    const promotion = parsePromotion(await pipelines.getPromotion(name));
    const digest = given ?? promotion.status.plan?.digest;
    if (digest === undefined) {
      throw new MooringError(
        "API_FAILED_PRECONDITION",
        `Promotion/${name.namespace}/${name.name}: has no plan yet, so there is nothing to approve; try again in a moment`,
      );
    }
    if (yes !== true) {
      ports.stdout.write(formatPlan(promotion));
      if (!(await confirm(`Approve ${digest}?`, { ports, flag: `--digest ${digest} --yes` }))) return 1;
    }
    await pipelines.approve(name, { digest, comment });
    ports.stdout.write(`promotion '${name.name}' is approved: ${digest}\n`);
    return 0;
  },
});
