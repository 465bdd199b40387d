import { parseApplication } from "#core/app/index.ts";
import { parseDigest } from "#core/approval/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import { parseDuration } from "#core/sync/index.ts";
import { maxApprovalMs } from "#engine/approval-moment.ts";
import { approvalFor } from "#engine/approve-plan.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { PlanFound } from "../../approve-plan.ts";
import { findPlan } from "../../approve-plan.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { appRef, openHub, patchObject, readApplication } from "../../hub.ts";
import { findLocalFiles } from "../../local-files.ts";
import { outputFlag } from "../../output/print-app.ts";
import type { CliPorts } from "../../ports.ts";
import { runOperations } from "../../run-operations.ts";
import { planFlags } from "../../sync-fields.ts";
import { usageError } from "../../usage-error.ts";
import { viewPlans } from "../../view/plans.ts";

const flags = {
  ...appNamespaceFlag,
  ...planFlags,
  ...outputFlag,
  expires: { type: "string", value: "TIME", description: "How long it may be used; 24h, at most 168h" },
  as: {
    type: "string",
    value: "NAME",
    description: "Who approves; the name that you are logged in with here",
  },
  "no-sync": { type: "boolean", description: "Only approve; begin it with: app sync APPNAME --plan DIGEST" },
  async: { type: "boolean", description: "Do not wait for the end" },
  timeout: { type: "integer", value: "SECONDS", description: "Give up waiting after this long" },
} as const;

export const command = defineCommand({
  name: "app approve",
  summary: "Approve an exact plan, which is then carried out",
  details:
    "DIGEST is what app plan or app get printed. Of a plan that an automated sync waits with, or that a sync was refused for, nothing else need be said; any other one is made again from the flags, which have to be those of app plan. A sync that would do anything else is refused.\nExit codes: 0 approved, and carried out where this command begins it; 1 the sync failed or did not end in time.",
  examples: [
    "mooring app approve web sha256:3f1c…",
    "mooring app approve web sha256:3f1c… --prune --no-sync",
  ],
  args: { usage: "APPNAME DIGEST", min: 2, max: 2 },
  flags,
  run: async (invocation, ports) => {
    const [name = "", text = ""] = invocation.args;
    const digest = parseDigest(text);
    if (digest === undefined) {
      throw usageError(
        `app approve: ${JSON.stringify(text)} is no digest; write sha256: and 64 hexadecimal digits, as mooring app plan ${name} prints it`,
      );
    }
    const lifetimeMs = lifetimeOf(invocation.flags.expires);
    const local = await findLocalFiles(invocation.flags, ports);
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, name, invocation.flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const found = await findPlan(app, { hub, ports, digest, flags: invocation.flags, local });
    return await give({ hub, ports, ref, digest, lifetimeMs, found, invocation });
  },
});

function lifetimeOf(text = "24h"): number {
  const fix = "write it like 30m or 24h, at most 168h";
  try {
    const ms = parseDuration(text);
    if (ms > 0 && ms <= maxApprovalMs) return ms;
  } catch (error) {
    if (!isMooringError(error, "CONFIG_INVALID")) throw error;
  }
  throw usageError(`flag --expires: ${JSON.stringify(text)} is no time that an approval can last; ${fix}`);
}

interface Giving {
  readonly hub: CliHub;
  readonly ports: CliPorts;
  readonly ref: ObjectRef;
  readonly digest: string;
  readonly lifetimeMs: number;
  readonly found: PlanFound;
  readonly invocation: Invocation<typeof flags>;
}

async function give(giving: Giving): Promise<number> {
  const { hub, ports, ref, digest, lifetimeMs, found, invocation } = giving;
  const { clock } = ports;
  const by = invocation.flags.as ?? ports.userName;
  const annotationsOf = (now: Parameters<typeof approvalFor>[0]) =>
    approvalFor(now, { digest, plan: found.plan, by, nowMs: clock.now(), lifetimeMs });
  const { operationOf } = found;
  const { flags: given } = invocation;
  if (operationOf !== undefined && given["no-sync"] !== true) {
    return runOperations({
      hub,
      ports,
      refs: [ref],
      operationOf,
      annotationsOf,
      async: given.async === true,
      timeoutSeconds: given.timeout,
      output: given.output,
      color: given.color,
      verb: "sync",
    });
  }
  const approved = await patchObject(hub, ref, {
    signal: ports.signal,
    decide: (object) => {
      const annotations = annotationsOf(parseApplication(object));
      return annotations === undefined ? undefined : { metadata: { annotations } };
    },
  });
  const { approval } = viewPlans(parseApplication(approved));
  const next =
    operationOf === undefined
      ? `the controller carries it out; follow it with: mooring app wait ${ref.name} --operation`
      : `begin it with: mooring app sync ${ref.name} --plan ${digest}`;
  ports.stdout.write(
    `plan ${digest} of application '${ref.name}' is approved by ${approval?.by ?? by} until ${approval?.expires ?? ""}\n${next}\n`,
  );
  return 0;
}
