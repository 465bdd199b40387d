import { accountFlag, accountName } from "../../account-name.ts";
import { defineCommand } from "../../command.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "account delete-token",
  summary: "Take an API token of a local account back",
  args: { usage: "ID", min: 1, max: 1 },
  flags: accountFlag,
  run: async (invocation, ports) => {
    const [id = ""] = invocation.args;
    await using api = await requireServer(invocation, ports);
    const name = await accountName(api, invocation.flags.account, ports);
    await api.ask.account.deleteToken({ name, id }, ports.signal);
    ports.stdout.write(`token '${id}' of account '${name}' deleted\n`);
    return 0;
  },
});
