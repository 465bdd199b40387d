import type { CliPorts } from "../ports.ts";
import { usageError } from "../usage-error.ts";

interface Given {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Name and password: as given, from the environment, from the terminal, or one after the other on standard input. Throws CLI_USAGE. */
export async function askCredentials(
  given: Given,
  { env, stdin }: CliPorts,
): Promise<{ readonly username: string; readonly password: string }> {
  const named = [given.username, env["ARGOCD_USERNAME"]].find((one) => one !== undefined && one !== "");
  const known = [given.password, env["ARGOCD_PASSWORD"]].find((one) => one !== undefined && one !== "");
  if (stdin.isTTY) {
    const username = named ?? (await stdin.readLine("Username: "));
    return { username, password: known ?? (await stdin.readLine("Password: ", { hidden: true })) };
  }
  const lines = named === undefined || known === undefined ? (await stdin.readAll()).split(/\r?\n/u) : [];
  const username = named ?? lines.shift() ?? "";
  const password = known ?? lines.shift() ?? "";
  if (username !== "" && password !== "") return { username, password };
  throw usageError(
    `login: there is no ${username === "" ? "name" : "password"}; give --username, and the password on standard input or in ARGOCD_PASSWORD`,
  );
}

/** A new password, twice on a terminal, else a line of standard input. Throws CLI_USAGE when they are not the same. */
export async function askNewPassword({ stdin }: CliPorts, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  if (!stdin.isTTY) return (await stdin.readAll()).replace(/\r?\n$/u, "");
  const once = await stdin.readLine("New password: ", { hidden: true });
  if (once === (await stdin.readLine("The same again: ", { hidden: true }))) return once;
  throw usageError("password: the two are not the same; try again");
}
