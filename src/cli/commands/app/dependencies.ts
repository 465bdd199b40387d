import { appKeyOf } from "#core/app/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { printValue } from "../../output/print-value.ts";
import { formatDependencyTree, readDependencies } from "../../view/dependencies.ts";

const flags = {
  ...appNamespaceFlag,
  output: { type: "string", short: "o", choices: ["tree", "json", "yaml"], description: "Output format" },
} as const;

export const command = defineCommand({
  name: "app dependencies",
  summary: "Show the applications that an application depends on, and how they are",
  details:
    "What annotation mooring.dev/depends-on names, and what those depend on. The application is synced when all it names are ready.",
  args: oneApp,
  flags,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const nodes = await readDependencies(app, hub, { deep: true, signal: ports.signal });
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, nodes as unknown as JsonValue);
      return 0;
    }
    const said = nodes.length === 0 ? " depends on no other application" : "";
    ports.stdout.write(`${appKeyOf(app)}${said}\n${formatDependencyTree(nodes)}`);
    return 0;
  },
});
