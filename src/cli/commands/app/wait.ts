import type { Application } from "#core/app/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { notFound, openHub } from "../../hub.ts";
import { createPaint } from "../../output/paint.ts";
import { isMachineReadable, outputFlag, printApplication } from "../../output/print-app.ts";
import { createProgress } from "../../output/progress.ts";
import type { CliPorts } from "../../ports.ts";
import { selectApps, selectionFlags } from "../../select-apps.ts";
import { resourceFlag } from "../../select-resources.ts";
import type { WaitFor } from "../../view/awaited.ts";
import { awaitedOf } from "../../view/awaited.ts";
import { waitForApplication } from "../../watch-application.ts";

const flags = {
  ...appNamespaceFlag,
  ...selectionFlags,
  ...outputFlag,
  ...resourceFlag,
  sync: { type: "boolean", description: "Until it is in sync" },
  health: { type: "boolean", description: "Until it is healthy" },
  operation: { type: "boolean", description: "Until no operation runs" },
  suspended: { type: "boolean", description: "Until it is suspended" },
  degraded: { type: "boolean", description: "Until it is degraded" },
  delete: { type: "boolean", description: "Until it is gone" },
  timeout: { type: "integer", value: "SECONDS", description: "Give up after this long" },
} as const;

export const command = defineCommand({
  name: "app wait",
  summary: "Wait until an application is synced and healthy",
  details:
    "Without --sync, --health, --operation, --suspended, --degraded or --delete it waits for sync, health and operation.\nExit codes: 0 it came to be, 1 time was up.",
  args: { usage: "[APPNAME...]", min: 0, max: Number.POSITIVE_INFINITY },
  flags,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const { selector, project, timeout } = invocation.flags;
    const namespace = invocation.flags["app-namespace"];
    const selection = { names: invocation.args, selector, project, namespace, command: "app wait" };
    const deadline = ports.clock.now() + (timeout ?? 0) * 1_000;
    let exit = 0;
    for (const ref of await selectApps(hub, selection, ports.signal)) {
      const left = timeout === undefined ? 0 : Math.max(0.001, (deadline - ports.clock.now()) / 1_000);
      const ok = await waitForOne(hub, ref, { invocation, ports, timeoutSeconds: left });
      if (!ok) exit = 1;
    }
    return exit;
  },
});

interface Request {
  readonly invocation: Invocation<typeof flags>;
  readonly ports: CliPorts;
  readonly timeoutSeconds: number;
}

function waitFor({ flags: given }: Invocation<typeof flags>): WaitFor {
  const { sync, health, operation, suspended, degraded, resource } = given;
  const any = [sync, health, operation, suspended, degraded, given.delete].some((one) => one === true);
  return {
    sync: sync === true || !any,
    health: health === true || !any,
    operation: operation === true || !any,
    suspended: suspended === true,
    degraded: degraded === true,
    deletion: given.delete === true,
    resources: resource,
  };
}

async function waitForOne(hub: CliHub, ref: ObjectRef, request: Request): Promise<boolean> {
  const { invocation, ports, timeoutSeconds } = request;
  const { output, color, timeout } = invocation.flags;
  const wanted = waitFor(invocation);
  const paint = createPaint(ports, ports.stdout, color);
  const progress = createProgress(ports, { paint, verb: "wait for", quiet: isMachineReadable(output) });
  let last: readonly string[] = [];
  const answer = await waitForApplication<Application | "gone">(hub, ports, {
    ref,
    timeoutSeconds,
    until: (app) => {
      if (app === undefined) return "gone";
      progress.update(app);
      last = awaitedOf(app, wanted);
      return last.length === 0 ? app : undefined;
    },
  }).finally(() => progress.close());
  if (answer === "gone") {
    if (!wanted.deletion) throw await notFound(hub, ref, ports.signal);
    ports.stdout.write(`application '${ref.name}' deleted\n`);
    return true;
  }
  if (answer === undefined) {
    const lines = last.map((line) => `  still waiting for ${line}\n`).join("");
    ports.stderr.write(
      `mooring: Application/${ref.namespace}/${ref.name}: timed out after ${timeout ?? 0} s\n${lines}`,
    );
    return false;
  }
  if (!isMachineReadable(output)) ports.stdout.write("\n");
  await printApplication(answer, { hub, ports, output, color, showOperation: false });
  return true;
}
