import { defineCommand } from "../../command.ts";
import { automationName, automationNamespaceFlag } from "../../images/automations.ts";
import { openAutomations } from "../../images/port.ts";

export const command = defineCommand({
  name: "image suspend",
  summary: "Stop an ImageAutomation until it is resumed",
  details: "What it has written stays; it neither asks registries nor writes.",
  examples: ["mooring image suspend shop-dev"],
  args: { usage: "NAME", min: 1, max: 1 },
  flags: automationNamespaceFlag,
  run: async (invocation, ports) => {
    const [name = ""] = invocation.args;
    await using automations = await openAutomations(invocation, ports);
    const ref = automationName(name, invocation.flags["app-namespace"] ?? automations.namespace);
    await automations.suspend(ref);
    ports.stdout.write(
      `ImageAutomation '${ref.name}' is suspended; end it with: mooring image resume ${ref.name}\n`,
    );
    return 0;
  },
});
