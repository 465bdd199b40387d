import type { ApiClient } from "#api/contract/api-client.ts";
import type { Flags } from "./command.ts";
import type { CliPorts } from "./ports.ts";

export const accountFlag = {
  account: { type: "string", short: "a", value: "NAME", description: "Local account; your own by default" },
} as const satisfies Flags;

/** The account that is named, or the one that asks. Throws API_UNAUTHENTICATED. */
export async function accountName(
  api: ApiClient,
  named: string | undefined,
  { signal }: CliPorts,
): Promise<string> {
  if (named !== undefined && named !== "") return named;
  const { username = "" } = await api.ask.session.getUserInfo({}, signal);
  return username;
}
