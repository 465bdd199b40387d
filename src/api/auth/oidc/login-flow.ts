import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { viewNumber, viewString } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { unauthenticated } from "../tokens/unauthenticated.ts";
import type { CookieScope } from "../cookies/cookies.ts";
import { formatCookie, parseCookies } from "../cookies/cookies.ts";
import { seal, unseal } from "../cookies/sealed.ts";
import type { IdTokenClaims, OidcProvider } from "./provider.ts";
import { ssoError } from "./provider.ts";
import { checkReturnUrl } from "./return-url.ts";

/** Between a browser that leaves for the provider and its return. */
export interface LoginFlow {
  readonly provider: OidcProvider;
  readonly signingKey: Uint8Array;
  /** The server's own URLs, as people reach it; a login ends at the one where it began. */
  readonly ownUrls: readonly string[];
  readonly scope: CookieScope;
  readonly clock: Pick<Clock, "now">;
  readonly signal: AbortSignal;
}

export interface BegunLogin {
  /** Where the browser must go. */
  readonly redirectTo: string;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

export interface FinishedLogin {
  readonly idToken: string;
  readonly accessToken: string;
  readonly claims: IdTokenClaims;
  readonly returnUrl: string;
  /** `Set-Cookie` headers: the login is over. */
  readonly cookies: readonly string[];
}

const stateCookie = "argocd.oauthstate";
const maxLoginSeconds = 300;
const callbackPath = "/auth/callback";
const purpose = "sso login";

/**
 * Begins a login by authorisation code with PKCE (RFC 7636), state and nonce, which a sealed cookie holds: no server has to remember it,
 * and only the browser that began can end it. Throws API_INVALID_ARGUMENT for a return URL elsewhere, and API_SSO_ errors.
 */
export async function beginLogin(
  flow: LoginFlow,
  request: { readonly returnUrl: string | undefined; readonly origin?: string | undefined },
): Promise<BegunLogin> {
  const { provider, signingKey, ownUrls, scope, clock, signal } = flow;
  const { sso } = provider;
  const base = ownUrls.find((url) => new URL(url).origin === request.origin) ?? ownUrls[0] ?? "";
  const returnUrl = checkReturnUrl(request.returnUrl, [base, ...ownUrls]);
  const configuration = await provider.configuration(signal);
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const target = buildAuthorizationUrl(configuration, {
    redirect_uri: base + callbackPath,
    scope: sso.scopes.join(" "),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(Object.keys(sso.requestedClaims).length === 0
      ? {}
      : { claims: JSON.stringify({ id_token: sso.requestedClaims }) }),
    ...(sso.domainHint === undefined ? {} : { domain_hint: sso.domainHint }),
  });
  const until = Math.floor(clock.now() / 1_000) + maxLoginSeconds;
  const issuer = sso.issuer;
  const sealed = seal({ state, nonce, verifier, returnUrl, base, until, issuer }, { signingKey, purpose });
  return {
    redirectTo: target.href,
    cookies: [formatCookie(stateCookie, sealed, { ...scope, maxAge: maxLoginSeconds })],
  };
}

interface CallbackRequest {
  /** The query of the callback, with or without its question mark. */
  readonly query: string;
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
}

/**
 * Ends a login: exchanges the code and checks the ID token, its signature included. Throws API_UNAUTHENTICATED when this browser began
 * no such login or the provider refused it.
 */
export async function finishLogin(flow: LoginFlow, request: CallbackRequest): Promise<FinishedLogin> {
  const { provider, scope, signal } = flow;
  const begun = readState(flow, request.cookie);
  const current = new URL(begun.base + callbackPath);
  current.search = request.query;
  const configuration = await provider.configuration(signal);
  const tokens = await authorizationCodeGrant(configuration, current, {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  }).catch((error: unknown) => {
    throw loginError(provider.sso.issuer, error);
  });
  const idToken = tokens.id_token ?? "";
  return {
    idToken,
    accessToken: tokens.access_token,
    claims: await provider.verifyIdToken(idToken, signal),
    returnUrl: begun.returnUrl,
    cookies: [formatCookie(stateCookie, "", { ...scope, maxAge: 0 })],
  };
}

interface BegunState {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnUrl: string;
  readonly base: string;
}

function readState(
  { signingKey, provider, ownUrls, clock }: LoginFlow,
  cookie: string | undefined,
): BegunState {
  const begun = unseal(parseCookies(cookie).get(stateCookie) ?? "", { signingKey, purpose });
  const text = (field: string) => viewString(begun, field) ?? "";
  const base = text("base");
  // The settings may have changed since.
  const isCurrent = ownUrls.includes(base) && text("issuer") === provider.sso.issuer;
  if (!isCurrent || (viewNumber(begun, "until") ?? 0) * 1_000 <= clock.now()) {
    throw unauthenticated(`this browser began no login in the last ${maxLoginSeconds / 60} minutes`);
  }
  return {
    state: text("state"),
    nonce: text("nonce"),
    verifier: text("verifier"),
    returnUrl: checkReturnUrl(text("returnUrl"), ownUrls),
    base,
  };
}

/** What the provider says in a URL may have been written by anybody: only a code of the standard's form is repeated. */
function loginError(issuer: string, error: unknown): unknown {
  if (error instanceof AuthorizationResponseError) {
    const code = /^[a-z_]{1,64}$/u.test(error.error) ? error.error : "an error";
    return unauthenticated(`identity provider ${issuer} refused the login with ${code}`, error);
  }
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "OAUTH_INVALID_RESPONSE" || code === "OAUTH_JWT_CLAIM_COMPARISON_FAILED") {
    return unauthenticated("the answer does not belong to the login that this browser began", error);
  }
  return ssoError(`${issuer}: the login failed`, error);
}
