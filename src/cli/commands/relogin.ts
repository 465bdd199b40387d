import { defineCommand, noArgs } from "../command.ts";
import { credentialFlags, logIn, whoIs } from "../login/log-in.ts";
import { withTokens } from "../login/login-file.ts";
import { changeLogins } from "../login/read-logins.ts";
import { currentLogin } from "../login/current-login.ts";
import { resolveConnection } from "../server/choose-server.ts";
import { readServerOptions } from "../server/read-options.ts";
import { claimsOf } from "../server/renew-token.ts";
import { viewString } from "#core/object/index.ts";

const { username: _asBefore, ...flags } = credentialFlags;

export const command = defineCommand({
  name: "relogin",
  summary: "Log in again where you were logged in",
  details: "As the same account; with a browser where the login was made with one.",
  args: noArgs,
  flags,
  run: async (invocation, ports) => {
    const options = readServerOptions(invocation, ports);
    const { name, server, user } = await currentLogin(options, ports);
    const way = await resolveConnection(server, options, ports);
    await using api = await ports.connectApi({ ...way, loginHint: "check the password" });
    const claims = claimsOf(user.authToken);
    // Sessions of local accounts are the server's own; others come from a provider.
    const isLocal = user.authToken === "" || viewString(claims, "iss") === "argocd";
    const subject = viewString(claims, "sub") ?? "";
    const username = isLocal && subject !== "" ? subject.replace(/:login$/u, "") : undefined;
    const sso = invocation.flags.sso ?? !isLocal;
    const tokens = await logIn(api, { ...invocation.flags, sso, username }, ports);
    ports.stdout.write(`'${whoIs(tokens)}' logged in successfully\n`);
    await changeLogins(options, ports, (file) =>
      withTokens(file, { name: user.name, authToken: tokens.idToken, refreshToken: tokens.refreshToken }),
    );
    ports.stdout.write(`Context '${name}' updated\n`);
    return 0;
  },
});
