import { viewString } from "#core/object/index.ts";
import { accountFlag, accountName } from "../../account-name.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { askNewPassword } from "../../login/ask-credentials.ts";
import { withTokens } from "../../login/login-file.ts";
import { changeLogins } from "../../login/read-logins.ts";
import type { CliPorts } from "../../ports.ts";
import { chooseServer } from "../../server/choose-server.ts";
import { requireServer } from "../../server/open-server.ts";
import { claimsOf } from "../../server/renew-token.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "account update-password",
  summary: "Change the password of a local account",
  details:
    "Who changes it gives their own password, also for another account. Without flags they are asked for; where there is no terminal, standard input is the new one and MOORING_CURRENT_PASSWORD the current one. Sessions from before end; your own is begun anew.",
  args: noArgs,
  flags: {
    ...accountFlag,
    "current-password": { type: "string", value: "TEXT", description: "Your own password; better asked for" },
    "new-password": { type: "string", value: "TEXT", description: "The new password; better asked for" },
  },
  run: async (invocation, ports) => {
    const { flags } = invocation;
    await using api = await requireServer(invocation, ports);
    const own = await accountName(api, undefined, ports);
    const name = flags.account ?? own;
    const currentPassword = await currentOf(flags["current-password"], own, ports);
    const newPassword = await askNewPassword(ports, flags["new-password"]);
    if (newPassword === "") throw usageError("password: the new one is empty; give one");
    await api.ask.account.updatePassword({ name, currentPassword, newPassword }, ports.signal);
    ports.stdout.write("Password updated\n");
    if (name !== own) return 0;
    const choice = await chooseServer(invocation, ports);
    if (choice?.login === undefined || !choice.usesLogin) return 0;
    const { login, path } = choice;
    const isLocal = viewString(claimsOf(login.user.authToken), "iss") === "argocd";
    if (!isLocal) return 0;
    const { token = "" } = await api.ask.session.create(
      { username: own, password: newPassword },
      ports.signal,
    );
    await changeLogins({ config: path }, ports, (file) =>
      withTokens(file, { name: login.user.name, authToken: token, refreshToken: "" }),
    );
    ports.stdout.write(`Context '${login.name}' updated\n`);
    return 0;
  },
});

async function currentOf(given: string | undefined, own: string, { stdin, env }: CliPorts): Promise<string> {
  const known = given ?? env["MOORING_CURRENT_PASSWORD"];
  if (known !== undefined && known !== "") return known;
  if (stdin.isTTY) return await stdin.readLine(`Current password of ${own}: `, { hidden: true });
  throw usageError(
    "password: the current one is not given; set MOORING_CURRENT_PASSWORD, or pass --current-password",
  );
}
