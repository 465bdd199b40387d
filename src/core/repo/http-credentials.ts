import type { RegistryCredentials } from "./registry-access.ts";
import type { CredentialFields } from "./secret.ts";
import type { RepositoryUrl } from "./url.ts";

/** The credentials of a Secret for HTTP; those written into the URL count last. */
export function httpCredentials(
  fields: CredentialFields,
  url: Pick<RepositoryUrl, "username" | "password">,
): RegistryCredentials {
  const username = fields.username ?? url.username;
  const password = fields.password ?? url.password;
  if (fields.tlsClientCertData !== undefined && fields.tlsClientCertKey !== undefined) {
    return {
      kind: "tls",
      certificate: fields.tlsClientCertData,
      key: fields.tlsClientCertKey,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    };
  }
  if (fields.bearerToken !== undefined) return { kind: "bearer", token: fields.bearerToken };
  if (password !== undefined || username !== undefined) {
    return { kind: "basic", username: username ?? "", password: password ?? "" };
  }
  return { kind: "none" };
}
