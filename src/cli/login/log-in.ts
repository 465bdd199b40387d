import type { ApiClient } from "#api/contract/api-client.ts";
import { viewString } from "#core/object/index.ts";
import type { SsoTokens } from "#ports/sso.ts";
import type { Flags, FlagValues } from "../command.ts";
import type { CliPorts } from "../ports.ts";
import { readProvider } from "../server/read-provider.ts";
import { claimsOf } from "../server/renew-token.ts";
import { askCredentials } from "./ask-credentials.ts";

/** How somebody says who they are. */
export const credentialFlags = {
  username: { type: "string", value: "NAME", description: "Local account; asked for where it is not given" },
  password: {
    type: "string",
    value: "TEXT",
    description: "Its password; better asked for, from standard input or in ARGOCD_PASSWORD",
  },
  sso: { type: "boolean", description: "Log in with a browser at the server's identity provider" },
  "sso-port": {
    type: "integer",
    value: "PORT",
    description: "Port of this machine that the browser comes back to; 8085",
  },
  "sso-launch-browser": {
    type: "boolean",
    description: "Open the browser; true by default, --sso-launch-browser=false prints the address",
  },
} as const satisfies Flags;

type CredentialValues = FlagValues<typeof credentialFlags>;

const usualPort = 8085;

/** Asks for a session, by password or with a browser. Throws API_UNAUTHENTICATED, CLI_USAGE and API_SSO_ errors. */
export async function logIn(api: ApiClient, flags: CredentialValues, ports: CliPorts): Promise<SsoTokens> {
  if (flags.sso === true) return await logInBySso(api, flags, ports);
  const credentials = await askCredentials(flags, ports);
  const { token = "" } = await api.ask.session.create(credentials, ports.signal);
  return { idToken: token, refreshToken: "" };
}

async function logInBySso(api: ApiClient, flags: CredentialValues, ports: CliPorts): Promise<SsoTokens> {
  const provider = await readProvider(api, ports.signal);
  const sso = await ports.startSso();
  return await sso.login(provider, {
    port: flags["sso-port"] ?? usualPort,
    show: async (url) => {
      ports.stderr.write(`Log in at ${provider.issuer} in your browser:\n  ${url}\n`);
      if (flags["sso-launch-browser"] === false) return;
      await ports.openBrowser(url).catch((error: unknown) => {
        ports.stderr.write(`mooring: no browser could be opened (${String(error)}); go there yourself\n`);
      });
    },
  });
}

/** What a token calls its owner, for a message. */
export function whoIs({ idToken }: SsoTokens): string {
  const claims = claimsOf(idToken);
  const names = ["email", "name", "sub"].map((claim) => viewString(claims, claim) ?? "");
  return (names.find((name) => name !== "") ?? "").replace(/:login$/u, "");
}
