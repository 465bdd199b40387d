import type { ApiClient } from "#api/contract/api-client.ts";
import { MooringError } from "#core/errors/index.ts";
import type { SsoProvider } from "#ports/sso.ts";

const usualScopes = ["openid", "profile", "email", "groups"];

/** Which identity provider a server sends people to. Throws API_SSO_INVALID where it has none. */
export async function readProvider({ ask, address }: ApiClient, signal: AbortSignal): Promise<SsoProvider> {
  const { oidcConfig, dexConfig, url = "" } = await ask.settings.get({}, signal);
  if (oidcConfig !== undefined) {
    const { issuer = "", clientID = "", cliClientID = "", scopes = [], idTokenClaims = {} } = oidcConfig;
    return {
      issuer,
      clientId: cliClientID === "" ? clientID : cliClientID,
      scopes: scopes.length === 0 ? usualScopes : scopes,
      claims:
        Object.keys(idTokenClaims).length === 0 ? undefined : JSON.stringify({ id_token: idTokenClaims }),
    };
  }
  if (dexConfig !== undefined && (dexConfig.connectors ?? []).length > 0) {
    return {
      issuer: `${url === "" ? `https://${address}` : url.replace(/\/$/u, "")}/api/dex`,
      clientId: "argo-cd-cli",
      scopes: usualScopes,
    };
  }
  throw new MooringError(
    "API_SSO_INVALID",
    `server ${address}: has no single sign-on; log in with: mooring login ${address} --username NAME`,
  );
}
