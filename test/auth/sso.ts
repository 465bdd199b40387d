import { expect } from "vitest";
import { stringify } from "yaml";
import type { Authenticator } from "#api/auth/index.ts";
import type { JsonObject } from "#core/object/index.ts";
import type { AuthHub } from "./hub.ts";
import { startAuthHub } from "./hub.ts";
import type { IdentityProvider } from "./identity-provider.ts";
import { clientSecret, serverUrl } from "./identity-provider.ts";

interface Started {
  readonly hub: AuthHub;
  readonly server: Authenticator;
}

/** A server whose `oidc.config` names a provider. */
export async function startWith(
  provider: { readonly issuer: string; readonly ca: string },
  { oidc = {}, cm = {} }: { readonly oidc?: JsonObject; readonly cm?: Readonly<Record<string, string>> } = {},
): Promise<Started> {
  const hub = await startAuthHub();
  await hub.put("Secret", "argocd-secret", {
    "server.secretkey": "a key of more than sixteen letters",
    "oidc.clientSecret": clientSecret,
  });
  const config = {
    name: "Test",
    issuer: provider.issuer,
    clientID: "argocd",
    cliClientID: "argocd-cli",
    clientSecret: "$oidc.clientSecret",
    rootCA: provider.ca,
    ...oidc,
  };
  await hub.put("ConfigMap", "argocd-cm", {
    url: serverUrl,
    "admin.enabled": "false",
    "oidc.config": stringify(config),
    ...cm,
  });
  return { hub, server: await hub.startServer() };
}

/** What a browser keeps of them. */
export const cookiesOf = (setCookies: readonly string[]): string =>
  setCookies
    .filter((each) => !each.includes("Max-Age=0"))
    .map((each) => each.split(";", 1)[0] ?? "")
    .join("; ");

export const refused = expect.objectContaining({ code: "API_UNAUTHENTICATED" });

/** A whole login in a browser. */
export async function logIn(server: Authenticator, provider: IdentityProvider, returnUrl?: string) {
  const begun = await server.beginSsoLogin({ returnUrl });
  const back = await provider.follow(begun.redirectTo);
  return await server.finishSsoLogin({ query: back.search, cookie: cookiesOf(begun.cookies) });
}
