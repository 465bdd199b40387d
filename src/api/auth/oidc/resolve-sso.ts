import { createHash } from "node:crypto";
import type { AuthSettings, OidcConfig } from "#core/accounts/index.ts";
import { requireSigningKey } from "../tokens/sign-token.ts";

/** The provider that people log in with, whether `oidc.config` names it or it is the Dex beside the server. */
export interface Sso extends Omit<OidcConfig, "name" | "cliClientId" | "isPkceEnabled"> {
  readonly skipsTlsVerification: boolean;
}

/** Dex's own clients, as Argo CD registers them in the configuration that it gives to Dex. */
const dexClientId = "argo-cd";
const dexCliClientId = "argo-cd-cli";
const dexScopes = ["openid", "profile", "email", "groups", "federated:id"];

/** Undefined when there are only local accounts, or Dex has no address because `url` is not set. */
export function resolveSso(settings: AuthSettings): Sso | undefined {
  const { sso, url, skipsTlsVerification } = settings;
  if (sso?.kind === "oidc") return { ...sso.config, skipsTlsVerification };
  if (sso === undefined || url === undefined) return undefined;
  return {
    issuer: `${url}/api/dex`,
    clientId: dexClientId,
    clientSecret: dexClientSecret(requireSigningKey(settings.signingKey)),
    scopes: dexScopes,
    requestedClaims: {},
    logoutUrl: undefined,
    rootCa: undefined,
    domainHint: undefined,
    audiences: [dexClientId, dexCliClientId],
    acceptsNoAudience: false,
    userInfo: undefined,
    usesWorkloadIdentity: false,
    skipsTlsVerification,
  };
}

/** The secret of Dex's client, which both sides derive from `server.secretkey`. */
export function dexClientSecret(signingKey: Uint8Array): string {
  const digest = createHash("sha256").update(signingKey).digest();
  return digest.toString("base64").replaceAll("+", "-").replaceAll("/", "_").slice(0, 40);
}
