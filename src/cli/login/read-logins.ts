import { MooringError } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";
import type { LoginFile } from "./login-file.ts";
import { formatLogins, parseLogins } from "./login-file.ts";

type Where = { readonly config: string | undefined };

/** The file of logins; empty where there is none. Throws CONFIG_INVALID. */
export async function readLogins(where: Where, ports: CliPorts): Promise<LoginFile> {
  const path = await placeOf(where, ports);
  return path === undefined
    ? { path: "the file of logins", content: {} }
    : parseLogins(path, await ports.logins.read(path));
}

/** Changes the file of logins as it is at that moment; nobody else does meanwhile. Throws CONFIG_INVALID. */
export async function changeLogins(
  where: Where,
  ports: CliPorts,
  change: (file: LoginFile) => LoginFile,
): Promise<void> {
  const path = await placeOf(where, ports);
  if (path === undefined) {
    throw new MooringError(
      "CONFIG_INVALID",
      "logins: there is no home directory to keep them in; name a file with --config, or a directory with ARGOCD_CONFIG_DIR",
    );
  }
  await ports.logins.change(path, (text) => formatLogins(change(parseLogins(path, text))));
}

/** Where argocd has it: a directory of the user's choice, an old place where it is used, the usual one. */
async function placeOf({ config }: Where, { env, logins }: CliPorts): Promise<string | undefined> {
  const text = (name: string) => (env[name] === "" ? undefined : env[name]);
  const directory = text("ARGOCD_CONFIG_DIR");
  const home = text("HOME");
  const configHome = text("XDG_CONFIG_HOME");
  if (config !== undefined) return config;
  if (directory !== undefined) return `${directory}/config`;
  if (home !== undefined && (await logins.read(`${home}/.argocd/config`)) !== undefined)
    return `${home}/.argocd/config`;
  if (configHome !== undefined) return `${configHome}/argocd/config`;
  return home === undefined ? undefined : `${home}/.config/argocd/config`;
}
