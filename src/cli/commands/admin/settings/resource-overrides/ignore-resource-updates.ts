import { defineCommand } from "../../../../command.ts";
import { settingsFlags } from "../../../../settings/read-settings.ts";
import { oneObject, openTrial, printIgnored } from "../../../../settings/try-object.ts";

export const command = defineCommand({
  name: "admin settings resource-overrides ignore-resource-updates",
  summary: "Show which fields of an object may change without a comparison",
  details: "What is built in for a kind counts, too, until the settings say something of it.",
  examples: [
    "mooring admin settings resource-overrides ignore-resource-updates deploy.yaml --argocd-cm-path argocd-cm.yaml",
  ],
  args: oneObject,
  flags: settingsFlags,
  run: async (invocation, ports) => {
    const { object, settings } = await openTrial(invocation, ports);
    const { color } = invocation.flags;
    await printIgnored(object, settings.ignoreResourceUpdates, {
      name: "ignoreResourceUpdates",
      ports,
      color,
    });
    return 0;
  },
});
