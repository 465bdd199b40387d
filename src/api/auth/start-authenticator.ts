import type { ApiToken, AuthSettings } from "#core/accounts/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import type { ParseYaml } from "#core/settings/index.ts";
import { waitOrAbort } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Log } from "#runtime/log.ts";
import type { AccountView, PasswordChange } from "./accounts.ts";
import { createApiToken, deleteApiToken, getAccount, listAccounts, updatePassword } from "./accounts.ts";
import { authenticate, authenticateOrNot } from "./authenticate.ts";
import { bootstrapAuth } from "./bootstrap.ts";
import type { AuthContext } from "./context.ts";
import type { CookieScope } from "./cookies/cookies.ts";
import type { Identity } from "./identity.ts";
import type { LoggedIn, LoginRequest } from "./login.ts";
import { login } from "./login.ts";
import type { LoggedOut } from "./logout.ts";
import { logout } from "./logout.ts";
import type { BegunLogin } from "./oidc/login-flow.ts";
import { SsoConnection } from "./oidc/sso-connection.ts";
import type { Passwords } from "./passwords/passwords.ts";
import { startPasswords } from "./passwords/passwords.ts";
import type { FinishedSsoLogin, SsoCallback, SsoRequest } from "./sso-login.ts";
import { beginSsoLogin, finishSsoLogin } from "./sso-login.ts";
import { AuthState } from "./store/auth-state.ts";
import type { AuthStore } from "./store/auth-store.ts";
import { LoginThrottle } from "./throttle/login-throttle.ts";
import type { Credentials } from "./tokens/credentials.ts";
import type { NewToken } from "./tokens/plan-token.ts";
import { RevokedSessions } from "./tokens/revoked-sessions.ts";
import { requireSigningKey, signToken } from "./tokens/sign-token.ts";

export interface AuthenticatorOptions {
  readonly store: AuthStore;
  readonly parseYaml: ParseYaml;
  readonly clock: Clock;
  readonly log: Log;
  readonly scope: CookieScope;
  /** An AppProject as it is now; read from the store when undefined, which every project token then waits for. */
  readonly readProject?: (name: string) => Promise<KubeObject | undefined>;
  /** Proxies on the way to the provider. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the Dex beside the server listens. */
  readonly dexServer: string | undefined;
  /** The content of the file that proves the workload's identity to Azure. */
  readonly readClientAssertion: () => Promise<string>;
  /** Its own when undefined, which end with it. */
  readonly passwords?: Passwords;
}

/** What `userinfo` answers. */
interface UserInfoView {
  readonly loggedIn: boolean;
  readonly username: string;
  readonly iss: string;
  readonly groups: readonly string[];
}

/** Who comes in, and how they log in and out. Errors are those of the functions behind it. */
export interface Authenticator extends AsyncDisposable {
  /** As the settings are now. */
  readonly settings: AuthSettings;
  /** Aborted when following the settings ended with a bug: then what is known grows old. */
  readonly failed: AbortSignal;
  authenticate(credentials: Credentials): Promise<Identity>;
  /** Whom the server takes a request for; without a good token it says so, and throws nothing for it. */
  userInfo(credentials: Credentials): Promise<UserInfoView>;
  login(request: LoginRequest): Promise<LoggedIn>;
  logout(credentials: Credentials): Promise<LoggedOut>;
  beginSsoLogin(request: SsoRequest): Promise<BegunLogin>;
  finishSsoLogin(callback: SsoCallback): Promise<FinishedSsoLogin>;
  listAccounts(): readonly AccountView[];
  getAccount(name: string): AccountView;
  updatePassword(identity: Identity, change: PasswordChange): Promise<void>;
  createApiToken(name: string, request: NewToken): Promise<string>;
  deleteApiToken(name: string, id: string): Promise<void>;
  /** A token of a project's role; it counts once the project lists its entry. Throws CONFIG_INVALID when there is no key to sign with. */
  signRoleToken(role: { readonly project: string; readonly role: string }, entry: ApiToken): Promise<string>;
}

/**
 * Makes what the installation lacks, reads who may come in and follows it until it is disposed. Throws CONFIG_INVALID and `KUBE_`
 * errors when that cannot be done at first.
 */
export async function startAuthenticator(
  options: AuthenticatorOptions,
  signal: AbortSignal,
): Promise<Authenticator> {
  const { store, parseYaml, clock, log } = options;
  const passwords = options.passwords ?? startPasswords();
  const [stop, failed] = [new AbortController(), new AbortController()];
  const lifetime = AbortSignal.any([signal, stop.signal]);
  const state = new AuthState({ parseYaml, log, clock });
  const context = createContext(options, { state, passwords, signal: lifetime });
  const ready = Promise.withResolvers<void>();
  // It is awaited below, unless something else failed before.
  ready.promise.catch(() => undefined);
  const following = state.follow(store, ready.resolve, lifetime).catch((error: unknown) => {
    if (!lifetime.aborted) failed.abort(error);
    ready.reject(error);
  });
  const end = async () => {
    stop.abort();
    await following;
    context.sso[Symbol.dispose]();
    if (options.passwords === undefined) await passwords[Symbol.asyncDispose]();
  };
  try {
    const secret = await bootstrapAuth(store, { passwords, clock, signal: lifetime });
    if (secret !== undefined) state.put(secret);
    await waitOrAbort(ready.promise, lifetime);
  } catch (error) {
    await end();
    throw error;
  }
  return authenticatorOf(context, { failed: failed.signal, end });
}

interface Parts {
  readonly state: AuthState;
  readonly passwords: Passwords;
  readonly signal: AbortSignal;
}

function createContext(options: AuthenticatorOptions, { state, passwords, signal }: Parts): AuthContext {
  const { store, clock, scope, environment, dexServer, readClientAssertion } = options;
  const throttle = new LoginThrottle(clock);
  return {
    store,
    state,
    passwords,
    throttle,
    revoked: new RevokedSessions(store, { state, clock }),
    sso: new SsoConnection({ clock, environment, dexServer, readClientAssertion, signal }),
    readProject: options.readProject ?? (async (name) => await store.read("AppProject", name, signal)),
    scope,
    clock,
    signal,
  };
}

interface Lifetime {
  readonly failed: AbortSignal;
  readonly end: () => Promise<void>;
}

function authenticatorOf(context: AuthContext, { failed, end }: Lifetime): Authenticator {
  return {
    get settings() {
      return context.state.settings;
    },
    failed,
    authenticate: async (credentials) => (await authenticate(context, credentials)).identity,
    userInfo: async (credentials) => viewUser((await authenticateOrNot(context, credentials))?.identity),
    login: async (request) => await login(context, request),
    logout: async (credentials) => await logout(context, credentials),
    beginSsoLogin: async (request) => await beginSsoLogin(context, request),
    finishSsoLogin: async (callback) => await finishSsoLogin(context, callback),
    listAccounts: () => listAccounts(context),
    getAccount: (name) => getAccount(context, name),
    updatePassword: async (identity, change) => await updatePassword(context, identity, change),
    createApiToken: async (name, request) => await createApiToken(context, name, request),
    deleteApiToken: async (name, id) => await deleteApiToken(context, name, id),
    signRoleToken: async (role, entry) =>
      await signToken(requireSigningKey(context.state.settings.signingKey), {
        subject: { kind: "project", ...role },
        ...entry,
      }),
    [Symbol.asyncDispose]: end,
  };
}

function viewUser(identity: Identity | undefined): UserInfoView {
  if (identity === undefined || identity.kind === "anonymous") {
    return { loggedIn: false, username: "", iss: "", groups: [] };
  }
  const { username, issuer, groups } = identity;
  return { loggedIn: true, username, iss: issuer, groups };
}
