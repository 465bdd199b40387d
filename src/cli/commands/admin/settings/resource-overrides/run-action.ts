import { planAction } from "#engine/plan-action.ts";
import { formatTime } from "#runtime/clock.ts";
import { parseParameters } from "../../../../actions.ts";
import { defineCommand } from "../../../../command.ts";
import { settingsFlags } from "../../../../settings/read-settings.ts";
import { openTrial, printChange } from "../../../../settings/try-object.ts";

export const command = defineCommand({
  name: "admin settings resource-overrides run-action",
  summary: "Show what an action would do with an object",
  details: "Nothing is written: the object is only in a file.",
  examples: [
    "mooring admin settings resource-overrides run-action deploy.yaml restart --argocd-cm-path argocd-cm.yaml",
  ],
  args: { usage: "RESOURCE_YAML_PATH ACTION", min: 2, max: 2 },
  flags: {
    ...settingsFlags,
    param: { type: "strings", value: "NAME=VALUE", description: "A parameter that the action asks for" },
  },
  run: async (invocation, ports) => {
    const { color, param } = invocation.flags;
    const [, action = ""] = invocation.args;
    const input = { parameters: parseParameters(param), now: formatTime(ports.clock.now()) };
    const { object, settings } = await openTrial(invocation, ports);
    const context = { settings, scripts: await ports.startScripts(), signal: ports.signal };
    for (const effect of await planAction(object, action, { ...context, input })) {
      const isNew = effect.operation === "create";
      const title = isNew ? "Following resource was created:" : "Following fields have been changed:";
      const changed = printChange(isNew ? undefined : object, effect.object, { title, ports, color });
      if (!changed) ports.stdout.write(`No fields had been changed by action: ${action}\n`);
    }
    return 0;
  },
});
