import { authenticateOrNot } from "./authenticate.ts";
import type { Authenticated } from "./authenticate.ts";
import type { AuthContext } from "./context.ts";
import { parseCookies, removeChunkedCookie, tokenCookie } from "./cookies/cookies.ts";
import { buildLogoutUrl } from "./oidc/logout-url.ts";
import { userInfoCookie } from "./oidc/user-info.ts";
import type { Credentials } from "./tokens/credentials.ts";
import { findToken } from "./tokens/credentials.ts";

export interface LoggedOut {
  /** Where a browser goes. */
  readonly redirectTo: string;
  /** `Set-Cookie` headers that remove the session from a browser. */
  readonly cookies: readonly string[];
}

/**
 * Ends the session of a request, on every replica and for good. A token that is not in order is only removed from the browser. API
 * tokens and those of projects stay: they are taken back where they were made. Throws what writing to the hub throws: then the session
 * may still be accepted by other replicas.
 */
export async function logout(context: AuthContext, credentials: Credentials): Promise<LoggedOut> {
  const { state, scope, sso } = context;
  const { settings } = state;
  const sent = parseCookies(credentials.cookie);
  const cookies = [tokenCookie, userInfoCookie].flatMap((name) => removeChunkedCookie(sent, name, scope));
  const home = settings.url === undefined ? scope.path : `${settings.url}/`;
  const authenticated = await authenticateOrNot(context, credentials);
  if (authenticated !== undefined) await endSession(context, authenticated);
  const logoutUrl =
    authenticated?.identity.kind === "oidc" ? sso.connect(settings)?.provider.sso.logoutUrl : undefined;
  const token = findToken(credentials)?.token ?? "";
  return { redirectTo: logoutUrl === undefined ? home : buildLogoutUrl(logoutUrl, token, home), cookies };
}

async function endSession(context: AuthContext, { identity, session }: Authenticated): Promise<void> {
  const isSession = identity.kind === "oidc" || session?.subject.endsWith(":login") === true;
  if (!isSession || session === undefined) return;
  const endMs = Math.max(
    identity.sessionExpiresAtMs ?? 0,
    // What continued it may last as long from now.
    context.clock.now() + context.state.settings.sessionMs,
    context.clock.now() + (identity.sessionExpiresAtMs ?? 0) - (identity.issuedAtMs ?? 0),
  );
  await context.revoked.revoke(session, Math.ceil(endMs / 1_000), context.signal);
}
