import { listActions } from "#engine/plan-action.ts";
import { defineCommand } from "../../../../command.ts";
import { formatTable } from "../../../../output/table.ts";
import { settingsFlags } from "../../../../settings/read-settings.ts";
import { kindNameOf, oneObject, openTrial } from "../../../../settings/try-object.ts";

export const command = defineCommand({
  name: "admin settings resource-overrides list-actions",
  summary: "List what the settings let people do with an object",
  examples: [
    "mooring admin settings resource-overrides list-actions deploy.yaml --argocd-cm-path argocd-cm.yaml",
  ],
  args: oneObject,
  flags: settingsFlags,
  run: async (invocation, ports) => {
    const { object, settings } = await openTrial(invocation, ports);
    const context = { settings, scripts: await ports.startScripts(), signal: ports.signal };
    const actions = await listActions(object, context);
    const rows = actions.map(({ name, disabled }) => [name, String(disabled)]);
    ports.stdout.write(
      rows.length === 0
        ? `Actions are not configured for '${kindNameOf(object)}'\n`
        : formatTable([["NAME", "DISABLED"], ...rows]),
    );
    return 0;
  },
});
