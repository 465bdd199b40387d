import type { KubeObject } from "#core/object/index.ts";
import type { Invocation } from "../command.ts";
import { defineCommand } from "../command.ts";
import { namespaceFlag, outputFlag, reasonFlag, stageOf } from "../pipelines/names.ts";
import type { Pipelines } from "../pipelines/port.ts";
import { openPipelines } from "../pipelines/port.ts";
import { reportAsked } from "../pipelines/report-asked.ts";
import { waitFlags } from "../pipelines/wait-promotion.ts";
import { usageError } from "../usage-error.ts";

const flags = {
  ...namespaceFlag,
  ...outputFlag,
  ...reasonFlag,
  ...waitFlags,
  revision: {
    type: "string",
    value: "COMMIT",
    description: "What to promote; the candidate of the stage by default",
  },
  release: {
    type: "string",
    value: "NAME",
    description: "Write the promotions of this name together or not at all; needed for several stages",
  },
} as const;

export const command = defineCommand({
  name: "promote",
  summary: "Bring a revision to a stage of a pipeline",
  details:
    "Asks for a promotion, which the gates of the stage let through. Asking for what is under way already gives that.\nExit codes: 0 asked for, and with --wait succeeded; 1 with --wait it did not.",
  examples: [
    "mooring promote shop/prod --wait",
    'mooring promote shop/prod --revision 1a2b3c4 --reason "the fix"',
    "mooring promote shop/prod cart/prod --release may",
  ],
  args: { usage: "PIPELINE/STAGE…", min: 1, max: 50 },
  flags,
  run: async (invocation, ports) => {
    const { release, revision, wait, timeout, output } = invocation.flags;
    if (invocation.args.length > 1 && release === undefined)
      throw usageError("promote of several stages needs --release; give them a name: --release NAME");
    if (invocation.args.length > 1 && revision !== undefined)
      throw usageError("flag --revision: is for one stage; leave it out, or promote one after the other");
    await using pipelines = await openPipelines(invocation, ports);
    const promotions = await ask(invocation, pipelines);
    return await reportAsked(pipelines, { promotions, wait, timeout, output, ports });
  },
});

async function ask(
  { args, flags: { namespace, release, revision = "", reason = "" } }: Invocation<typeof flags>,
  pipelines: Pipelines,
): Promise<readonly KubeObject[]> {
  const targets = args.map((one) => stageOf(one, namespace ?? pipelines.namespace));
  const [first] = targets;
  if (first === undefined) return [];
  if (targets.length > 1) return await pipelines.release(targets, { name: release ?? "", reason });
  return [await pipelines.promote(first, { revision, reason, release: release ?? "" })];
}
