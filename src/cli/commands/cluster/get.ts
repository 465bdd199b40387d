import type { JsonValue } from "#core/object/index.ts";
import { defineCommand } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { namedCluster } from "../../server/named-cluster.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "cluster get",
  summary: "Show a cluster",
  details: "Asks the API server, which gives no credentials away.",
  args: { usage: "SERVER|NAME", min: 1, max: 1 },
  flags: {
    output: {
      type: "string",
      short: "o",
      choices: ["json", "yaml"],
      description: "Output format; yaml by default",
    },
  },
  run: async (invocation, ports) => {
    const value = (invocation.args[0] ?? "").replace(/\/+$/u, "");
    await using api = await requireServer(invocation, ports);
    const cluster = await api.ask.cluster.get(namedCluster(value), ports.signal);
    printValue(ports.stdout, invocation.flags.output === "json" ? "json" : "yaml", cluster as JsonValue);
    return 0;
  },
});
