import { defineCommand } from "../../command.ts";
import { requireServer } from "../../server/open-server.ts";

export const command = defineCommand({
  name: "account can-i",
  summary: "Ask whether you may do something",
  examples: ["mooring account can-i sync applications 'shop/*'", "mooring account can-i create projects '*'"],
  args: { usage: "ACTION RESOURCE SUBRESOURCE", min: 3, max: 3 },
  flags: {},
  run: async (invocation, ports) => {
    const [action = "", resource = "", subresource = ""] = invocation.args;
    await using api = await requireServer(invocation, ports);
    const { value = "" } = await api.ask.account.canI({ action, resource, subresource }, ports.signal);
    ports.stdout.write(`${value}\n`);
    return 0;
  },
});
