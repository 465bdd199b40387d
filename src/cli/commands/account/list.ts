import type { JsonValue } from "#core/object/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "account list",
  summary: "List local accounts",
  args: noArgs,
  flags: {
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "name", "json", "yaml"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    await using api = await requireServer(invocation, ports);
    const { items = [] } = await api.ask.account.listAccounts({}, ports.signal);
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml")
      printValue(ports.stdout, output, items as unknown as JsonValue);
    else if (output === "name") ports.stdout.write(items.map(({ name = "" }) => `${name}\n`).join(""));
    else {
      const rows = items.map(({ name = "", enabled = false, capabilities = [] }) => [
        name,
        String(enabled),
        capabilities.join(", "),
      ]);
      ports.stdout.write(formatTable([["NAME", "ENABLED", "CAPABILITIES"], ...rows]));
    }
    return 0;
  },
});
