import type { JsonValue } from "#core/object/index.ts";
import type { ToldPlan } from "#core/sync/index.ts";
import { tellPlan } from "#core/sync/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { findLocalFiles } from "../../local-files.ts";
import { makePlan } from "../../make-plan.ts";
import { printValue } from "../../output/print-value.ts";
import { revisionsFor } from "../../revision-flags.ts";
import { askPlan } from "../../server/ask-plan.ts";
import { planFlags, syncFieldsOf } from "../../sync-fields.ts";

export const command = defineCommand({
  name: "app plan",
  summary: "Show what a sync would do, step by step",
  details:
    "Prints the waves of a sync with every action and every skip and the reason for it, and the plan's digest; nothing is written. The digest stays the same as long as the same would be done, and can be approved with: mooring app approve APPNAME DIGEST\nExit codes: 0 the plan can be run, 1 a guard refuses it.",
  examples: [
    "mooring app plan web --prune",
    "mooring app plan web --local ./web",
    "mooring app plan web -o json",
  ],
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    ...planFlags,
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    const local = await findLocalFiles(flags, ports);
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const operation = { sync: syncFieldsOf(app, flags, { dryRun: false }) };
    const request = { hub, ports, operation, revisions: revisionsFor(app, flags), local };
    const { text, ...plan } =
      hub.api === undefined || local !== undefined
        ? await planHere(app, request)
        : await askPlan(app, { api: hub.api, operation, signal: ports.signal });
    if (flags.output === "json" || flags.output === "yaml")
      printValue(ports.stdout, flags.output, plan as unknown as JsonValue);
    else ports.stdout.write(`${text.trimEnd()}\n\ndigest ${plan.digest}\n`);
    return plan.refusals.length > 0 ? 1 : 0;
  },
});

async function planHere(...request: Parameters<typeof makePlan>): Promise<ToldPlan> {
  const { plan, record } = await makePlan(...request);
  return tellPlan(plan, record.digest);
}
