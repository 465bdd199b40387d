import { viewAutomation } from "#core/images/index.ts";
import { hubTypes } from "#engine/hub-types.ts";
import type { JsonValue } from "#core/object/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { listHub, openHub } from "../../hub.ts";
import { automationNamespaceFlag } from "../../images/automations.ts";
import { printValue, withoutManagedFields } from "../../output/print-value.ts";
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
    await using hub = await openHub(invocation, ports);
    const objects = await listHub(hub, hubTypes.imageAutomation, {
      ...(namespace === undefined ? {} : { namespace }),
      signal: ports.signal,
    });
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, objects.map((one) => withoutManagedFields(one)) as JsonValue);
      return 0;
    }
    const views = objects.map((object) => viewAutomation(object));
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
