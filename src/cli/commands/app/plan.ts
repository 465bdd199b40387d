import { createHash } from "node:crypto";
import type { Operation } from "#core/app/index.ts";
import { formatPlan, planDigest } from "#core/sync/index.ts";
import { planOperation } from "#engine/plan-operation.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { compareApplication } from "../../compare-application.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { revisionFlags, revisionsFor } from "../../revision-flags.ts";

export const command = defineCommand({
  name: "app plan",
  summary: "Show what a sync would do, step by step",
  details:
    "Prints the waves of a sync with every action and every skip and the reason for it, and the plan's digest; nothing is written.\nExit codes: 0 the plan can be run, 1 a guard refuses it.",
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    ...revisionFlags,
    prune: { type: "boolean", description: "Plan to delete what left Git" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    await using found = await compareApplication(app, { hub, ports, revisions: revisionsFor(app, flags) });
    const operation: Operation = { sync: flags.prune === true ? { prune: true } : {} };
    const plan = planOperation({
      context: found.context,
      operation,
      revision: found.desired.revision,
      startedAtMs: ports.clock.now(),
      compared: found.compared,
      applied: new Set(),
      hooks: [],
      resumed: false,
    });
    const digest = planDigest(plan, (text) => createHash("sha256").update(text).digest("hex"));
    ports.stdout.write(`${formatPlan(plan).trimEnd()}\n\ndigest ${digest}\n`);
    return plan.refusals.length > 0 ? 1 : 0;
  },
});
