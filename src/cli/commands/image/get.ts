import { viewAutomation } from "#core/images/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { defineCommand } from "../../command.ts";
import { openHub } from "../../hub.ts";
import {
  automationNamespaceFlag,
  automationRef,
  formatAutomation,
  readAutomation,
} from "../../images/automations.ts";
import { printValue, withoutManagedFields } from "../../output/print-value.ts";

export const command = defineCommand({
  name: "image get",
  summary: "Show an ImageAutomation",
  examples: ["mooring image get shop-dev", "mooring image get shop-dev -o yaml"],
  args: { usage: "NAME", min: 1, max: 1 },
  flags: {
    ...automationNamespaceFlag,
    output: { type: "string", short: "o", choices: ["text", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { output, "app-namespace": namespace } = invocation.flags;
    const [name = ""] = invocation.args;
    await using hub = await openHub(invocation, ports);
    const object = await readAutomation(hub, automationRef(hub, name, namespace), ports.signal);
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, withoutManagedFields(object) as JsonValue);
    else ports.stdout.write(formatAutomation(viewAutomation(object)));
    return 0;
  },
});
