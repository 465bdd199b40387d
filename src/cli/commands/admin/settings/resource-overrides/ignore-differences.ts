import { defineCommand } from "../../../../command.ts";
import { settingsFlags } from "../../../../settings/read-settings.ts";
import { oneObject, openTrial, printIgnored } from "../../../../settings/try-object.ts";

export const command = defineCommand({
  name: "admin settings resource-overrides ignore-differences",
  summary: "Show which fields of an object comparisons ignore by the settings",
  details: "Fields that are ignored because of who owns them are not shown: only a cluster knows the owners.",
  examples: [
    "mooring admin settings resource-overrides ignore-differences deploy.yaml --argocd-cm-path argocd-cm.yaml",
  ],
  args: oneObject,
  flags: settingsFlags,
  run: async (invocation, ports) => {
    const { object, settings } = await openTrial(invocation, ports);
    const { color } = invocation.flags;
    await printIgnored(object, settings.ignoreDifferences, { name: "ignoreDifferences", ports, color });
    return 0;
  },
});
