import { defineCommand } from "../../command.ts";
import { automationName, automationNamespaceFlag, formatAutomation } from "../../images/automations.ts";
import { openAutomations } from "../../images/port.ts";
import { printValue } from "../../output/print-value.ts";

export const command = defineCommand({
  name: "image get",
  summary: "Show an ImageAutomation",
  details:
    "With -o json and -o yaml the object of the cluster, or over a server what that tells of it: state and images, without the spec.",
  examples: ["mooring image get shop-dev", "mooring image get shop-dev -o yaml"],
  args: { usage: "NAME", min: 1, max: 1 },
  flags: {
    ...automationNamespaceFlag,
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { output, "app-namespace": namespace } = invocation.flags;
    const [name = ""] = invocation.args;
    await using automations = await openAutomations(invocation, ports);
    const { view, raw } = await automations.get(automationName(name, namespace ?? automations.namespace));
    if (output === "json" || output === "yaml") printValue(ports.stdout, output, raw);
    else ports.stdout.write(formatAutomation(view));
    return 0;
  },
});
