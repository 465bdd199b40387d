import type { JsonValue } from "#core/object/index.ts";
import { parseTime } from "../audit/parse-time.ts";
import { defineCommand } from "../command.ts";
import { printValue } from "../output/print-value.ts";
import { requireServer } from "../server/open-server.ts";
import { formatFigures } from "../view/figures.ts";

export const command = defineCommand({
  name: "dora",
  summary: "Show lead time, frequency, failure rate and time to restore of applications",
  details:
    "What DORA (https://dora.dev) measures of the delivery of software, from the deliveries of the last 30 days. A delivery fails when its sync fails, when the application is Degraded within ten minutes after it, or when it is rolled back. Corrections of drift, syncs that changed nothing, rollbacks and the first delivery of an application do not count. Asks the API server; deliveries are kept by the controller that leads, for at most 90 days.",
  examples: ["mooring dora", "mooring dora web api --since 7d", "mooring dora --project shop -o json"],
  args: { usage: "[APPNAME…]", min: 0, max: 1_000 },
  flags: {
    project: {
      type: "strings",
      short: "p",
      value: "NAME",
      description: "Only applications of this project",
    },
    since: {
      type: "string",
      value: "TIME",
      description: "From when on deliveries count: 7d, 2026-01-31; 30d unless told, 90d at the most",
    },
    output: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    const { project, since, output } = invocation.flags;
    const sinceMs = parseTime("since", since, ports.clock.now());
    await using api = await requireServer(invocation, ports);
    const query = {
      apps: [...invocation.args],
      projects: [...project],
      ...(sinceMs === undefined ? {} : { since: new Date(sinceMs).toISOString() }),
    };
    const figures = await api.ask.trace.figures(query, ports.signal);
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, figures as unknown as JsonValue);
    else ports.stdout.write(formatFigures(figures));
    return 0;
  },
});
