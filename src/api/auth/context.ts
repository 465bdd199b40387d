import type { KubeObject } from "#core/object/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { CookieScope } from "./cookies/cookies.ts";
import type { SsoConnection } from "./oidc/sso-connection.ts";
import type { Passwords } from "./passwords/passwords.ts";
import type { AuthState } from "./store/auth-state.ts";
import type { AuthStore } from "./store/auth-store.ts";
import type { LoginThrottle } from "./throttle/login-throttle.ts";
import type { RevokedSessions } from "./tokens/revoked-sessions.ts";

/** What the verbs of authentication share. */
export interface AuthContext {
  readonly store: AuthStore;
  readonly state: AuthState;
  readonly passwords: Passwords;
  readonly throttle: LoginThrottle;
  readonly revoked: RevokedSessions;
  readonly sso: SsoConnection;
  readonly readProject: (name: string) => Promise<KubeObject | undefined>;
  readonly scope: CookieScope;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Of a clock, in whole seconds since 1970, as tokens count. */
export function nowSeconds(clock: Pick<Clock, "now">): number {
  return Math.floor(clock.now() / 1_000);
}
