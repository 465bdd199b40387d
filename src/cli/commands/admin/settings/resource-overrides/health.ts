import type { Health } from "#core/health/index.ts";
import { HealthChecks } from "#engine/scripted-health.ts";
import { defineCommand } from "../../../../command.ts";
import { settingsFlags } from "../../../../settings/read-settings.ts";
import { kindNameOf, oneObject, openTrial } from "../../../../settings/try-object.ts";

export const command = defineCommand({
  name: "admin settings resource-overrides health",
  summary: "Say how healthy an object is by the settings",
  details:
    "By the user's script or expressions where the settings have some for the kind, else by what is built in.",
  examples: ["mooring admin settings resource-overrides health deploy.yaml --argocd-cm-path argocd-cm.yaml"],
  args: oneObject,
  flags: settingsFlags,
  run: async (invocation, ports) => {
    const { object, settings } = await openTrial(invocation, ports);
    const scripts = await ports.startScripts();
    const checks = new HealthChecks({ scripts, clock: ports.clock, secretHash: ports.hashSecret });
    const judge = checks.judgeBy(settings.healthScripts, "");
    await judge.learn([object], ports.signal);
    ports.stdout.write(formatHealth(judge.assess(object), kindNameOf(object)));
    return 0;
  },
});

function formatHealth(health: Health | undefined, kind: string): string {
  if (health === undefined) return `Health script is not configured for '${kind}'\n`;
  return `STATUS: ${health.status}\nMESSAGE: ${health.message ?? ""}\n`;
}
