/**
 * Who a request to the server comes from: local accounts and their API tokens, tokens of projects, people that an identity provider
 * knows, or nobody. `startAuthenticator` is the one entry; `store/` is where accounts, keys and ended sessions are kept, `tokens/` makes,
 * finds, checks and ends tokens, `passwords/` compares them in a thread, `throttle/` says how many wrong ones may be tried,
 * `oidc/` speaks with the provider, `cookies/` with the browser. What somebody may do is not decided here.
 */
export { ensureSigningKey } from "./bootstrap.ts";
export type { Identity } from "./identity.ts";
export type { Passwords } from "./passwords/passwords.ts";
export { startPasswords } from "./passwords/passwords.ts";
export type { Authenticator, AuthenticatorOptions } from "./start-authenticator.ts";
export { startAuthenticator } from "./start-authenticator.ts";
export type { AuthStore } from "./store/auth-store.ts";
export { createClusterAuthStore } from "./store/cluster-auth-store.ts";
