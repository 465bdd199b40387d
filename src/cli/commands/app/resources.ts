import type { JsonValue } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import { createPaint } from "../../output/paint.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";

export const command = defineCommand({
  name: "app resources",
  summary: "List an application's objects",
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "tree", "tree=detailed", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    const resources = app.status?.resources ?? [];
    if (flags.output === "json" || flags.output === "yaml") {
      printValue(ports.stdout, flags.output, resources as JsonValue);
    } else if (flags.output === "tree" || flags.output === "tree=detailed") {
      const { readTree, formatTree } = await import("../../view/tree.ts");
      const paint = createPaint(ports, ports.stdout, flags.color);
      const tree = await readTree(app, hub, ports);
      const detailed = flags.output === "tree=detailed";
      ports.stdout.write(formatTree(tree, { detailed, paint, nowMs: ports.clock.now() }));
    } else {
      const rows = resources.map((one) => [
        one.group ?? "",
        one.kind ?? "",
        one.namespace ?? "",
        one.name ?? "",
        "No",
      ]);
      ports.stdout.write(formatTable([["GROUP", "KIND", "NAMESPACE", "NAME", "ORPHANED"], ...rows]));
    }
    return 0;
  },
});
