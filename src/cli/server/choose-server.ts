import { MooringError } from "#core/errors/index.ts";
import type { ApiConnection } from "#api/contract/api-client.ts";
import type { Invocation } from "../command.ts";
import type { LoginContext, LoginFile, ServerEntry } from "../login/login-file.ts";
import { currentContext, findContext, isUnchosen, listContexts } from "../login/login-file.ts";
import { readLogins } from "../login/read-logins.ts";
import type { CliPorts } from "../ports.ts";
import { readText } from "../read-text.ts";
import { usageError } from "../usage-error.ts";
import type { ServerOptions } from "./read-options.ts";
import { readServerOptions } from "./read-options.ts";

/** The server that a command asks, and the login it does it with. */
export interface ServerChoice {
  readonly connection: ApiConnection;
  /** Undefined where the server was named and nobody is logged in to it. */
  readonly login: LoginContext | undefined;
  /** Whether the token is the login's, and not one that was given. */
  readonly usesLogin: boolean;
  readonly path: string;
}

/**
 * The server that a command line asks; undefined where it works on the cluster itself: with --core, with a flag about kubeconfigs, and
 * where nobody was ever logged in and no server is named. Throws CONFIG_NOT_FOUND, CONFIG_INVALID and CLI_USAGE.
 */
export async function chooseServer(
  invocation: Invocation,
  ports: CliPorts,
): Promise<ServerChoice | undefined> {
  const options = readServerOptions(invocation, ports);
  const { kubeconfig, context } = invocation.flags;
  if (options.core || kubeconfig !== undefined || context !== undefined) {
    const named = invocation.flags.server ?? invocation.flags["argocd-context"];
    if (named === undefined) return undefined;
    throw usageError(
      "flags --server and --argocd-context ask an API server, --core, --kubeconfig and --context the cluster; leave out one of them",
    );
  }
  const file = await readLogins(options, ports);
  const login = loginFor(file, options);
  if (options.server === undefined && login === undefined && isUnchosen(file)) throw unchosen(file);
  if (options.server === undefined && (login === undefined || login.server.core)) return undefined;
  return { ...(await connectionTo(login, options, ports)), login, path: file.path };
}

/** Whoever was logged in to a server does not mean whatever cluster the kubeconfig leads to. */
function unchosen(file: LoginFile): MooringError {
  const names = listContexts(file).map((one) => one.name);
  const choice =
    names.length === 0
      ? "log in with mooring login SERVER"
      : `choose one with mooring context NAME (there ${names.length === 1 ? "is" : "are"} ${names.join(", ")})`;
  return new MooringError(
    "CONFIG_NOT_FOUND",
    `${file.path}: no login is chosen; ${choice}, or work on the kubeconfig's cluster with --core (from now on: mooring login --core)`,
  );
}

/** The login that is named; else the one on the server that is named, else the current one. */
function loginFor(file: LoginFile, { context, server }: ServerOptions): LoginContext | undefined {
  if (context !== undefined) return findContext(file, context);
  const current = currentContext(file);
  if (server === undefined) return current === "" ? undefined : findContext(file, current);
  const here = listContexts(file).filter((one) => one.server === server);
  // A token is only sent to the server that it is of.
  const chosen = here.find((one) => one.name === current) ?? here[0];
  return chosen === undefined ? undefined : findContext(file, chosen.name);
}

const unknownServer = (server: string): ServerEntry => ({
  server,
  plaintext: false,
  insecure: false,
  grpcWeb: false,
  rootPath: "",
  core: false,
});

async function connectionTo(
  login: LoginContext | undefined,
  options: ServerOptions,
  ports: CliPorts,
): Promise<Pick<ServerChoice, "connection" | "usesLogin">> {
  const isOther = options.server !== undefined && options.server !== login?.server.server;
  const entry = isOther ? unknownServer(options.server) : (login?.server ?? unknownServer(""));
  const own = isOther ? "" : (login?.user.authToken ?? "");
  const token = options.authToken ?? (own === "" ? undefined : own);
  const connection = await resolveConnection(entry, options, ports);
  return {
    connection: { ...connection, token, loginHint: hintOf(options, login, connection.address) },
    usesLogin: options.authToken === undefined && own !== "",
  };
}

function hintOf({ authToken }: ServerOptions, login: LoginContext | undefined, address: string): string {
  if (authToken !== undefined) return "give another token in ARGOCD_AUTH_TOKEN or --auth-token";
  return login === undefined
    ? `log in with: mooring login ${address}`
    : `log in again with: mooring relogin --argocd-context ${login.name}`;
}

/** A server as it is known, with what flags say of the way to it. Reads the files that they name. */
export async function resolveConnection(
  entry: ServerEntry,
  options: ServerOptions,
  ports: CliPorts,
): Promise<Omit<ApiConnection, "token">> {
  const read = async (file: string | undefined, known: string | undefined) =>
    file === undefined ? known : await readText(file, ports);
  return {
    address: entry.server,
    plaintext: options.plaintext ?? entry.plaintext,
    insecure: options.insecure ?? entry.insecure,
    grpcWeb: options.grpcWeb ?? entry.grpcWeb,
    rootPath: (options.rootPath ?? entry.rootPath).replaceAll(/^\/+|\/+$/gu, ""),
    authorities: await read(options.serverCertificate, entry.authorities),
    clientCertificate: await read(options.clientCertificate, entry.clientCertificate),
    clientKey: await read(options.clientKey, entry.clientKey),
    headers: options.headers.map((header) => parseHeader(header)),
    loginHint: `log in with: mooring login ${entry.server}`,
  };
}

/** The value is not repeated in what is said about it: it may be a secret. */
function parseHeader(text: string): readonly [string, string] {
  const at = text.indexOf(":");
  const name = text.slice(0, Math.max(0, at)).trim();
  const value = text.slice(at + 1).trim();
  if (/^[\w!#$%&'*+.^`|~-]+$/u.test(name)) {
    if (/^[\t\u0020-\u007E\u0080-\u00FF]*$/u.test(value)) return [name, value];
    throw usageError(`flag --header: the value of ${name} has characters that no header can carry`);
  }
  throw usageError("flag --header: one of them is no header; write it like 'X-Proxy-Token: abc'");
}
