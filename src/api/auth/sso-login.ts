import { MooringError } from "#core/errors/index.ts";
import { identifyForeign } from "./authenticate.ts";
import type { AuthContext } from "./context.ts";
import { formatChunkedCookie, tokenCookie } from "./cookies/cookies.ts";
import type { Identity } from "./identity.ts";
import type { BegunLogin, LoginFlow } from "./oidc/login-flow.ts";
import { beginLogin, finishLogin } from "./oidc/login-flow.ts";
import type { ConnectedSso } from "./oidc/sso-connection.ts";
import { settingsName } from "./store/auth-state.ts";
import { requireSigningKey } from "./tokens/sign-token.ts";

export interface SsoRequest {
  /** Where the browser wants to be when it has logged in. */
  readonly returnUrl: string | undefined;
  /** By which of the server's URLs the browser came, such as `https://argocd.example.com`. */
  readonly origin?: string | undefined;
}

export interface SsoCallback {
  /** The query with which the browser came back. */
  readonly query: string;
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
}

export interface FinishedSsoLogin {
  readonly identity: Identity;
  /** Where the browser goes now: a page of this server. */
  readonly redirectTo: string;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

/** Sends a browser to the provider. Throws API_INVALID_ARGUMENT when there is none, and what `beginLogin` throws. */
export async function beginSsoLogin(context: AuthContext, request: SsoRequest): Promise<BegunLogin> {
  return await beginLogin(openFlow(context).flow, request);
}

/** Takes a browser back from the provider. Throws what `finishLogin` throws. */
export async function finishSsoLogin(context: AuthContext, callback: SsoCallback): Promise<FinishedSsoLogin> {
  const { flow, connected } = openFlow(context);
  const { idToken, accessToken, claims, returnUrl, cookies } = await finishLogin(flow, callback);
  const { signingKey, scope } = flow;
  const session = { subject: claims.sub, expiresAt: claims.exp };
  const { userInfo } = connected;
  const remembered = userInfo?.remember(session, accessToken, { signingKey, scope }) ?? [];
  const groups = await userInfo?.groupsOf(session, { cookies: new Map(), signingKey });
  return {
    identity: identifyForeign(idToken, { claims, groups, carrier: "cookie" }).identity,
    redirectTo: returnUrl,
    cookies: [...cookies, ...formatChunkedCookie(tokenCookie, idToken, scope), ...remembered],
  };
}

function openFlow(context: AuthContext): { readonly flow: LoginFlow; readonly connected: ConnectedSso } {
  const { state, sso, scope, clock, signal } = context;
  const { settings } = state;
  const connected = sso.connect(settings);
  if (connected === undefined || settings.url === undefined) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `nobody can log in by SSO here; set url and oidc.config or dex.config in ConfigMap ${settingsName}`,
    );
  }
  const isSecure = scope.isSecure || settings.url.startsWith("https:");
  const flow = {
    provider: connected.provider,
    signingKey: requireSigningKey(settings.signingKey),
    ownUrls: [settings.url, ...settings.additionalUrls],
    scope: { ...scope, isSecure },
    clock,
    signal,
  };
  return { flow, connected };
}
