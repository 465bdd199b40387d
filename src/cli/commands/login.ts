import { defineCommand } from "../command.ts";
import type { Invocation } from "../command.ts";
import { checkCertificate } from "../login/check-certificate.ts";
import { credentialFlags, logIn, whoIs } from "../login/log-in.ts";
import type { LoginContext, ServerEntry } from "../login/login-file.ts";
import { withLogin } from "../login/login-file.ts";
import { changeLogins } from "../login/read-logins.ts";
import type { CliPorts } from "../ports.ts";
import { resolveConnection } from "../server/choose-server.ts";
import { parseAddress } from "../server/parse-address.ts";
import { readServerOptions } from "../server/read-options.ts";
import { usageError } from "../usage-error.ts";

const flags = {
  ...credentialFlags,
  name: {
    type: "string",
    value: "NAME",
    description: "What the login is called; the server's address by default",
  },
  "skip-test-tls": { type: "boolean", description: "Do not look at the server's certificate first" },
} as const;

export const command = defineCommand({
  name: "login",
  summary: "Log in to an API server",
  details:
    "From then on, commands ask this server; --core makes one of them work on the cluster itself. The login is kept in the file that argocd has for it, so that both programs share it.",
  examples: [
    "mooring login argocd.example.com --sso",
    "mooring login localhost:8080 --plaintext --username admin < password.txt",
    "mooring login --core",
  ],
  args: { usage: "SERVER", min: 0, max: 1 },
  flags,
  run: async (invocation, ports) => {
    const told = readServerOptions(invocation, ports);
    const { flags: given, args } = invocation;
    const named = parseAddress(args[0]);
    const address = named.address ?? told.server;
    const options = { ...told, plaintext: told.plaintext ?? named.plaintext };
    if (options.core) return await keepCore(invocation, ports);
    if (address === undefined) throw usageError("login needs SERVER; write: mooring login HOST:PORT");
    const entry = { ...unused, server: address };
    const way = await resolveConnection(entry, options, ports);
    const checked = given["skip-test-tls"] === true ? way : await checkCertificate(way, ports);
    await using api = await ports.connectApi({ ...checked, loginHint: "check name and password" });
    const tokens = await logIn(api, given, ports);
    const { plaintext, insecure, grpcWeb, rootPath, authorities, clientCertificate, clientKey } = checked;
    const server = {
      ...entry,
      plaintext,
      insecure,
      grpcWeb,
      rootPath,
      authorities,
      clientCertificate,
      clientKey,
    };
    const name = given.name ?? (rootPath === "" ? address : `${address}/${rootPath}`);
    const user = { name, authToken: tokens.idToken, refreshToken: tokens.refreshToken };
    await keep({ name, server, user }, invocation, ports);
    ports.stdout.write(`'${whoIs(tokens)}' logged in successfully\nContext '${name}' updated\n`);
    return 0;
  },
});

const unused: ServerEntry = {
  server: "",
  plaintext: false,
  insecure: false,
  grpcWeb: false,
  rootPath: "",
  core: false,
};

/** No login, but the word that commands work on the cluster. */
async function keepCore(invocation: Invocation<typeof flags>, ports: CliPorts): Promise<number> {
  const server = "kubernetes";
  const name = invocation.flags.name ?? server;
  const user = { name, authToken: "", refreshToken: "" };
  await keep({ name, server: { ...unused, server, core: true }, user }, invocation, ports);
  ports.stdout.write(`Context '${name}' updated\n`);
  return 0;
}

async function keep(
  login: LoginContext,
  invocation: Invocation<typeof flags>,
  ports: CliPorts,
): Promise<void> {
  await changeLogins(readServerOptions(invocation, ports), ports, (file) => withLogin(file, login));
}
