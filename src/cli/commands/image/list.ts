import { defineCommand, noArgs } from "../../command.ts";
import { automationNamespaceFlag } from "../../images/automations.ts";
import { openAutomations } from "../../images/port.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";

export const command = defineCommand({
  name: "image list",
  summary: "List ImageAutomations",
  args: noArgs,
  flags: {
    ...automationNamespaceFlag,
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "name", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    const { output, "app-namespace": namespace } = invocation.flags;
    await using automations = await openAutomations(invocation, ports);
    const found = await automations.list(namespace);
    if (output === "json" || output === "yaml") {
      printValue(
        ports.stdout,
        output,
        found.map(({ raw }) => raw),
      );
      return 0;
    }
    const views = found.map(({ view }) => view);
    if (output === "name") ports.stdout.write(views.map(({ name }) => `${name}\n`).join(""));
    else
      ports.stdout.write(
        formatTable([
          ["NAME", "PROJECT", "READY", "REASON", "IMAGES", "LAST-COMMIT", "WRITES-TO"],
          ...views.map((view) => [
            view.name,
            view.project,
            view.ready === "" ? "Unknown" : view.ready,
            view.reason,
            String(view.images.length),
            view.lastCommit.slice(0, 12),
            view.target,
          ]),
        ]),
      );
    return 0;
  },
});
