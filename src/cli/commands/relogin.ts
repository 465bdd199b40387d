import { defineCommand, noArgs } from "../command.ts";
import { currentLogin } from "../login/current-login.ts";
import { credentialFlags, logIn, whoIs } from "../login/log-in.ts";
import { withTokens } from "../login/login-file.ts";
import { changeLogins } from "../login/read-logins.ts";
import { whoWas } from "../login/who-was.ts";
import { resolveConnection } from "../server/choose-server.ts";
import { readServerOptions } from "../server/read-options.ts";

const flags = {
  ...credentialFlags,
  username: {
    type: "string",
    value: "NAME",
    description: "Local account; the one that was logged in by default",
  },
} as const;

export const command = defineCommand({
  name: "relogin",
  summary: "Log in again where you were logged in",
  details: "As the same account, also after a logout; with a browser where the login was made with one.",
  args: noArgs,
  flags,
  run: async (invocation, ports) => {
    const options = readServerOptions(invocation, ports);
    const login = await currentLogin(options, ports);
    const { name, server, user } = login;
    const way = await resolveConnection(server, options, ports);
    await using api = await ports.connectApi({ ...way, loginHint: "check the password" });
    const before = whoWas(login);
    const { flags: given } = invocation;
    const username = given.username ?? (typeof before === "object" ? before.username : undefined);
    const sso = given.sso ?? (before === "sso" && given.username === undefined);
    const tokens = await logIn(api, { ...given, sso, username }, ports);
    await changeLogins(options, ports, (file) =>
      withTokens(file, { name: user.name, authToken: tokens.idToken, refreshToken: tokens.refreshToken }),
    );
    ports.stdout.write(`'${whoIs(tokens)}' logged in successfully\nContext '${name}' updated\n`);
    return 0;
  },
});
