import type { JsonValue } from "#core/object/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "account get-user-info",
  summary: "Show as whom you are logged in",
  args: noArgs,
  flags: {
    output: { type: "string", short: "o", choices: ["json", "yaml"], description: "Output format" },
  },
  run: async (invocation, ports) => {
    await using api = await requireServer(invocation, ports);
    const info = await api.ask.session.getUserInfo({}, ports.signal);
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, info as JsonValue);
      return 0;
    }
    const { loggedIn = false, username = "", iss = "", groups = [] } = info;
    const who = loggedIn ? `Username: ${username}\nIssuer: ${iss}\nGroups: ${groups.join(",")}\n` : "";
    ports.stdout.write(`Logged In: ${String(loggedIn)}\n${who}`);
    return 0;
  },
});
