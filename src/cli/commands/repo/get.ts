import type { JsonValue } from "#core/object/index.ts";
import { defineCommand } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "repo get",
  summary: "Show a repository",
  details: "Asks the API server, which gives no credentials away.",
  args: { usage: "REPOURL", min: 1, max: 1 },
  flags: {
    project: { type: "string", value: "NAME", description: "The one that is scoped to this project" },
    refresh: { type: "string", choices: ["hard"], description: "hard: have the repository asked again" },
    output: {
      type: "string",
      short: "o",
      choices: ["json", "yaml"],
      description: "Output format; yaml by default",
    },
  },
  run: async (invocation, ports) => {
    const { output, project: appProject = "", refresh } = invocation.flags;
    const query = { repo: invocation.args[0] ?? "", appProject, forceRefresh: refresh === "hard" };
    await using api = await requireServer(invocation, ports);
    const repository = await api.ask.repository.get(query, ports.signal);
    printValue(ports.stdout, output === "json" ? "json" : "yaml", repository as JsonValue);
    return 0;
  },
});
