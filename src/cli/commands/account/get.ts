import type { JsonValue } from "#core/object/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { accountFlag, accountName } from "../../account-name.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { printValue } from "../../output/print-value.ts";
import { formatTable } from "../../output/table.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "account get",
  summary: "Show a local account and its tokens",
  args: noArgs,
  flags: {
    ...accountFlag,
    output: {
      type: "string",
      short: "o",
      choices: ["wide", "json", "yaml", "name"],
      description: "Output format",
    },
  },
  run: async (invocation, ports) => {
    await using api = await requireServer(invocation, ports);
    const name = await accountName(api, invocation.flags.account, ports);
    const account = await api.ask.account.getAccount({ name }, ports.signal);
    const { output } = invocation.flags;
    if (output === "json" || output === "yaml") {
      printValue(ports.stdout, output, account as JsonValue);
      return 0;
    }
    if (output === "name") {
      ports.stdout.write(`${account.name ?? ""}\n`);
      return 0;
    }
    const { enabled = false, capabilities = [], tokens = [] } = account;
    const rows = tokens.map(({ id = "", issuedAt = 0, expiresAt = 0 }) => [
      id,
      formatTime(issuedAt * 1_000),
      expiresAt === 0 ? "never" : formatTime(expiresAt * 1_000),
    ]);
    const listed = rows.length === 0 ? "NONE\n" : formatTable([["ID", "ISSUED AT", "EXPIRING AT"], ...rows]);
    ports.stdout.write(
      `Name:               ${account.name ?? ""}\nEnabled:            ${String(enabled)}\nCapabilities:       ${capabilities.join(", ")}\n\nTokens:\n${listed}`,
    );
    return 0;
  },
});
