import { parseDuration } from "#core/sync/index.ts";
import { accountFlag, accountName } from "../../account-name.ts";
import { defineCommand, noArgs } from "../../command.ts";
import { requireServer } from "../../server/open-server.ts";
import { usageError } from "../../usage-error.ts";

export const command = defineCommand({
  name: "account generate-token",
  summary: "Make an API token of a local account",
  details: "The account needs the capability apiKey. The token is printed once, and kept nowhere.",
  args: noArgs,
  flags: {
    ...accountFlag,
    "expires-in": {
      type: "string",
      short: "e",
      value: "TIME",
      description: "How long it holds, such as 12h or 7d; without end by default",
    },
    id: { type: "string", value: "NAME", description: "What the token is called; made up by default" },
  },
  run: async (invocation, ports) => {
    const { account, "expires-in": expires = "0s", id = "" } = invocation.flags;
    const expiresIn = secondsOf(expires);
    await using api = await requireServer(invocation, ports);
    const name = await accountName(api, account, ports);
    const { token = "" } = await api.ask.account.createToken({ name, id, expiresIn }, ports.signal);
    ports.stdout.write(`${token}\n`);
    return 0;
  },
});

/** Days besides what durations have otherwise. */
function secondsOf(text: string): number {
  const days = /^(\d{1,5})d$/u.exec(text)?.[1];
  const ms = days === undefined ? durationOf(text) : Number(days) * 86_400_000;
  if (ms >= 0) return Math.floor(ms / 1_000);
  throw usageError(`flag --expires-in: ${JSON.stringify(text)} is before now; write it like 12h or 7d`);
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw usageError(`flag --expires-in: ${JSON.stringify(text)} is no time; write it like 12h or 7d`, error);
  }
}
