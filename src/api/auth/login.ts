import { randomUUID } from "node:crypto";
import type { Account } from "#core/accounts/index.ts";
import type { AuthContext } from "./context.ts";
import { nowSeconds } from "./context.ts";
import { formatChunkedCookie, tokenCookie } from "./cookies/cookies.ts";
import { knownDevice, rememberDevice } from "./cookies/device.ts";
import { requireSigningKey, signToken } from "./tokens/sign-token.ts";
import { unauthenticated } from "./tokens/unauthenticated.ts";

/** Where a request comes from, as far as it can be told. */
export interface Client {
  /** The client's address; undefined when it is hidden behind a proxy. */
  readonly address: string | undefined;
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
}

export interface LoginRequest extends Client {
  readonly username: string;
  readonly password: string;
}

export interface LoggedIn {
  readonly token: string;
  readonly expiresAtMs: number;
  /** `Set-Cookie` headers, for a browser. */
  readonly cookies: readonly string[];
}

const maxUsernameLength = 256;
const maxPasswordLength = 1_024;

/**
 * Begins a session with a local account's password. Throws API_UNAUTHENTICATED, with the same words for a wrong name and a wrong
 * password, and API_THROTTLED.
 */
export async function login(context: AuthContext, request: LoginRequest): Promise<LoggedIn> {
  const account = await requirePassword(context, request);
  const { state, clock, scope } = context;
  const signingKey = requireSigningKey(state.settings.signingKey);
  const issuedAt = nowSeconds(clock);
  const expiresAt = issuedAt + Math.floor(state.settings.sessionMs / 1_000);
  const token = await signToken(signingKey, {
    subject: { kind: "account", name: account.name, capability: "login" },
    id: randomUUID(),
    issuedAt,
    expiresAt,
  });
  const device = { cookie: request.cookie, signingKey, nowSeconds: issuedAt, scope };
  return {
    token,
    expiresAtMs: expiresAt * 1_000,
    cookies: [...formatChunkedCookie(tokenCookie, token, scope), rememberDevice(account, device)],
  };
}

/**
 * The account of a right password that may log in. Everything that is known beforehand is kept back until a hash was compared, so that
 * neither the words nor the time tell whether there is such an account.
 */
export async function requirePassword(context: AuthContext, request: LoginRequest): Promise<Account> {
  const { state, throttle, passwords, clock, signal } = context;
  const { username, password, address, cookie } = request;
  if (password === "" || password.length > maxPasswordLength || username.length > maxUsernameLength) {
    throw wrongPassword();
  }
  const { accounts, signingKey } = state.settings;
  throttle.keepAccounts(accounts);
  const device = { cookie, signingKey: requireSigningKey(signingKey), nowSeconds: nowSeconds(clock) };
  const asked = accounts.get(username);
  const deviceId = knownDevice(asked, device);
  const admission = await throttle.admit(
    { username, isKnown: asked !== undefined, address, deviceId },
    signal,
  );
  // As it is by now: it may have waited.
  const account = state.settings.accounts.get(username);
  const isRight = await passwords
    .verify(password, account?.passwordHash, { lane: admission.lane, signal })
    .catch((error: unknown) => {
      admission.withdrawn();
      throw error;
    });
  if (!isRight || account === undefined) {
    admission.failed();
    throw wrongPassword();
  }
  admission.succeeded();
  if (!account.enabled) throw unauthenticated(`account ${username} is disabled`);
  if (!account.capabilities.has("login")) {
    throw unauthenticated(`account ${username} has not the capability login`);
  }
  return account;
}

function wrongPassword() {
  return unauthenticated("invalid username or password");
}
