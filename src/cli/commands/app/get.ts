import type { Application } from "#core/app/index.ts";
import { parseApplication } from "#core/app/index.ts";
import type { ObjectRef } from "#ports/cluster.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import type { CliHub } from "../../hub.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { outputFlag, printApplication } from "../../output/print-app.ts";
import type { CliPorts } from "../../ports.ts";
import { refreshApplication } from "../../refresh.ts";

const flags = {
  ...appNamespaceFlag,
  ...outputFlag,
  refresh: { type: "boolean", description: "Have the application compared with Git again first" },
  "hard-refresh": { type: "boolean", description: "The same, with everything rendered anew" },
  "show-operation": { type: "boolean", description: "Show the last operation, too" },
  timeout: {
    type: "integer",
    value: "SECONDS",
    description: "Give up waiting for a refresh after this long",
  },
} as const;

export const command = defineCommand({
  name: "app get",
  summary: "Show an application",
  args: oneApp,
  flags,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    const app = await readRefreshed(hub, ref, { invocation, ports });
    const { output, color } = invocation.flags;
    const showOperation = invocation.flags["show-operation"] === true;
    await printApplication(app, { hub, ports, output, color, showOperation });
    return 0;
  },
});

interface Request {
  readonly invocation: Invocation<typeof flags>;
  readonly ports: CliPorts;
}

async function readRefreshed(
  hub: CliHub,
  ref: ObjectRef,
  { invocation, ports }: Request,
): Promise<Application> {
  const hard = invocation.flags["hard-refresh"] === true;
  if (!hard && invocation.flags.refresh !== true) return readApplication(hub, ref, ports.signal);
  const kind = hard ? "hard" : "normal";
  const refreshed = await refreshApplication(hub, ref, {
    kind,
    timeoutSeconds: invocation.flags.timeout,
    ports,
  });
  return parseApplication(refreshed);
}
