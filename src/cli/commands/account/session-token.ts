import { MooringError } from "#core/errors/index.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { renewedToken } from "../../server/renew-token.ts";
import { chooseServer } from "../../server/choose-server.ts";

export const command = defineCommand({
  name: "account session-token",
  summary: "Print the token of your login",
  details: "Renewed where it has ended and can be. Whoever has it may do what you may.",
  args: noArgs,
  flags: {},
  run: async (invocation, ports) => {
    const choice = await chooseServer(invocation, ports);
    const token = choice === undefined ? undefined : await renewedToken(choice, ports);
    if (token === undefined) {
      throw new MooringError(
        "CONFIG_NOT_FOUND",
        "login: there is no session; log in with: mooring login SERVER",
      );
    }
    ports.stdout.write(`${token}\n`);
    return 0;
  },
});
