import { isMooringError } from "#core/errors/index.ts";
import { defineCommand } from "../command.ts";
import { currentLogin } from "../login/current-login.ts";
import { withTokens } from "../login/login-file.ts";
import { changeLogins } from "../login/read-logins.ts";
import { whoWas } from "../login/who-was.ts";
import { resolveConnection } from "../server/choose-server.ts";
import { readServerOptions } from "../server/read-options.ts";

export const command = defineCommand({
  name: "logout",
  summary: "Log out of an API server",
  details: "Ends the session at the server, and forgets it here. The context stays, for relogin.",
  args: { usage: "[CONTEXT]", min: 0, max: 1 },
  flags: {},
  run: async (invocation, ports) => {
    const given = readServerOptions(invocation, ports);
    const options = { ...given, context: invocation.args[0] ?? given.context };
    const login = await currentLogin(options, ports);
    const { name, server, user } = login;
    if (user.authToken !== "") {
      const way = await resolveConnection(server, options, ports);
      await using api = await ports.connectApi({ ...way, token: user.authToken });
      try {
        await api.ask.session.delete({}, ports.signal);
      } catch (error) {
        // A session that has ended need not be ended; what is kept of it here goes in any case.
        if (!isMooringError(error)) throw error;
        if (error.code !== "API_UNAUTHENTICATED")
          ports.stderr.write(`mooring: the session may still hold at the server: ${error.message}\n`);
      }
    }
    await changeLogins(options, ports, (file) =>
      withTokens(file, { name: user.name, authToken: "", refreshToken: "", before: whoWas(login) }),
    );
    ports.stdout.write(`Logged out from '${name}'\n`);
    return 0;
  },
});
