import { MooringError } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";
import type { ServerOptions } from "../server/read-options.ts";
import type { LoginContext } from "./login-file.ts";
import { currentContext, findContext } from "./login-file.ts";
import { readLogins } from "./read-logins.ts";

/** The login that is named, or the one that counts. Throws CONFIG_NOT_FOUND without any, and for one that is no server's. */
export async function currentLogin(options: ServerOptions, ports: CliPorts): Promise<LoginContext> {
  const file = await readLogins(options, ports);
  const name = options.context ?? currentContext(file);
  if (name === "") {
    throw new MooringError(
      "CONFIG_NOT_FOUND",
      `${file.path}: you are logged in nowhere; log in with: mooring login SERVER`,
    );
  }
  const login = findContext(file, name);
  if (!login.server.core) return login;
  throw new MooringError(
    "CONFIG_NOT_FOUND",
    `${file.path}: context ${name} works on the cluster itself and has no session; choose another with --argocd-context`,
  );
}
