import type { JsonValue } from "#core/object/index.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { namedApp } from "../../server/named-app.ts";
import { requireServer } from "../../server/open-server.ts";
import { usageError } from "../../usage-error.ts";
import { formatTimeline } from "../../view/timeline.ts";

const usualLimit = 20;
const maxLimit = 200;

export const command = defineCommand({
  name: "app timeline",
  summary: "Show what was changed in the cluster behind Git's back, and how each revision came to it",
  details:
    "What differed from what was deployed, in which fields, by whom, and what ended it; and for each revision when it was seen, rendered, applied and healthy. Asks the API server; it is kept by the controller that leads, for at most 90 days.",
  examples: ["mooring app timeline web", "mooring app timeline web -o json"],
  args: oneApp,
  flags: {
    ...appNamespaceFlag,
    limit: { type: "integer", description: `The most lines of each kind; ${usualLimit}` },
    output: { type: "string", short: "o", choices: ["wide", "json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { limit = usualLimit, output, "app-namespace": appNamespace } = invocation.flags;
    if (limit < 1 || limit > maxLimit) throw usageError(`flag --limit: must be 1 to ${maxLimit}`);
    await using api = await requireServer(invocation, ports);
    const asked = { ...namedApp(invocation.args[0] ?? "", appNamespace), limit };
    const timeline = await api.ask.timeline.get(asked, ports.signal);
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, timeline as unknown as JsonValue);
    else ports.stdout.write(formatTimeline(timeline));
    return 0;
  },
});
