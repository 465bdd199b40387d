import { defineCommand } from "../../command.ts";
import { automationName, automationNamespaceFlag } from "../../images/automations.ts";
import { openAutomations } from "../../images/port.ts";

export const command = defineCommand({
  name: "image resume",
  summary: "Let an ImageAutomation go on",
  details: "Also one that stopped because somebody kept taking back what it wrote.",
  examples: ["mooring image resume shop-dev"],
  args: { usage: "NAME", min: 1, max: 1 },
  flags: automationNamespaceFlag,
  run: async (invocation, ports) => {
    const [name = ""] = invocation.args;
    await using automations = await openAutomations(invocation, ports);
    const ref = automationName(name, invocation.flags["app-namespace"] ?? automations.namespace);
    await automations.resume(ref);
    ports.stdout.write(`ImageAutomation '${ref.name}' goes on\n`);
    return 0;
  },
});
