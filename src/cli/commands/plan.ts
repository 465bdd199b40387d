import type { JsonValue } from "#core/object/index.ts";
import { actionsOf, tellPlan } from "#core/sync/index.ts";
import { defineCommand } from "../command.ts";
import { printValue } from "../output/print-value.ts";
import { pushFlags } from "../push/flags.ts";
import { openPush } from "../push/open-push.ts";
import { preparePush } from "../push/prepare.ts";
import { readSubject } from "../push/read-subject.ts";

const refused = 1;
const changes = 2;

export const command = defineCommand({
  name: "plan",
  summary: "Show what an apply of files would do to a cluster, without a control plane",
  details:
    "Renders a directory, manifests or an Application's source, compares with the cluster and prints the plan and its digest, as mooring app plan does; nothing is written.\nmooring apply with the same flags and --plan DIGEST then does exactly that, or nothing.\nExit codes: 0 the plan can be run, 1 a guard refuses it, 20 and others an error; with --detailed-exitcode 2 when it would change something.",
  examples: [
    "mooring plan ./web --to staging --namespace shop",
    "mooring plan ./overlays/prod --to prod --name shop --prune --detailed-exitcode",
    "mooring plan -f web.yaml --name web --to staging -o json",
    "mooring plan --app application.yaml --to prod",
  ],
  args: { usage: "[PATH]", min: 0, max: 1 },
  flags: {
    ...pushFlags,
    "detailed-exitcode": { type: "boolean", description: "Exit with 2 when something would be changed" },
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const subject = await readSubject(invocation, ports);
    await using place = await openPush(invocation, ports);
    const { plan, record } = await preparePush({ subject, place, flags, ports }, ports.signal);
    const { text, ...told } = tellPlan(plan, record.digest);
    if (flags.output === "json" || flags.output === "yaml")
      printValue(ports.stdout, flags.output, told as unknown as JsonValue);
    else ports.stdout.write(`${text.trimEnd()}\n\ndigest ${record.digest}\n`);
    if (plan.refusals.length > 0) return refused;
    const does = actionsOf(...plan.waves).some(({ verb }) => verb !== "skip");
    return does && flags["detailed-exitcode"] === true ? changes : 0;
  },
});
