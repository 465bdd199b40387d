import { readConfig } from "../../../config.ts";
import { defineCommand, noArgs } from "../../../command.ts";
import type { Invocation } from "../../../command.ts";
import type { adminFlags } from "../../../hub.ts";
import { openAdminHub } from "../../../hub.ts";
import type { CliPorts } from "../../../ports.ts";
import { readSettings, settingsFlags } from "../../../settings/read-settings.ts";
import type { ValidatedGroup } from "../../../settings/validate-settings.ts";
import { settingsGroups, validateSettings } from "../../../settings/validate-settings.ts";
import { usageError } from "../../../usage-error.ts";

export const command = defineCommand({
  name: "admin settings validate",
  summary: "Check the settings for mistakes",
  details:
    "Checks argocd-cm and argocd-secret as the controller and the server read them, and what is registered on the cluster. Ends with exit code 1 when something is wrong; keys without effect are warnings.",
  examples: [
    "mooring admin settings validate --argocd-cm-path argocd-cm.yaml",
    "mooring admin settings validate --group accounts --group kustomize",
  ],
  args: noArgs,
  flags: {
    ...settingsFlags,
    group: {
      type: "strings",
      value: "NAME",
      description: `What to check: ${settingsGroups.join(", ")}; everything by default`,
    },
  },
  run: async (invocation, ports) => {
    const wanted = invocation.flags.group;
    const unknown = wanted.find((name) => !settingsGroups.some((group) => group === name));
    if (unknown !== undefined)
      throw usageError(`flag --group: ${unknown} is no group; use ${settingsGroups.join(", ")}`);
    const objects = await readSettings(invocation, ports);
    const registered = objects.fromCluster ? await readRegistered(invocation, ports) : undefined;
    const groups = validateSettings(objects, registered).filter(({ group }) =>
      wanted.length === 0 ? group !== "repositories" || objects.fromCluster : wanted.includes(group),
    );
    ports.stdout.write(groups.map((group) => formatGroup(group)).join("\n"));
    return groups.some(({ problems }) => problems.length > 0) ? 1 : 0;
  },
});

async function readRegistered(invocation: Invocation<typeof adminFlags>, ports: CliPorts) {
  await using hub = await openAdminHub(invocation, ports);
  const { repositories, clusters, problems } = await readConfig(hub, ports);
  return {
    count: repositories.repositories.length + repositories.templates.length + clusters.length,
    problems: problems.filter((problem) => problem.startsWith("Secret/")),
  };
}

function formatGroup({ group, summary, problems, warnings }: ValidatedGroup): string {
  const lines = [
    `${problems.length > 0 ? "❌" : "✅"} ${group}`,
    ...(problems.length > 0 ? problems : [summary]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return `${lines.join("\n")}\n`;
}
